// Implements the visitor (engine.mjs) with WebDriver (W3C) commands, for any transport.

const keys = {
  Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Escape: '\uE00C', Space: ' ', PageUp: '\uE00E', PageDown: '\uE00F', End: '\uE010',
  Home: '\uE011', ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', Backspace: '\uE003',
};
const pressed = (key) => [{ type: 'keyDown', value: key }, { type: 'keyUp', value: key }];

/**
 * @param {object} send functions that send a command and resolve with its value
 * @param {(url: string) => Promise<any>} send.open
 * @param {(script: string, given: any[]) => Promise<any>} send.run
 * @param {(actions: object[]) => Promise<any>} send.act
 * @param {(element: any) => Promise<any>} send.enter switches to a frame, or with null to the page
 * @param {() => Promise<string>} send.picture in base64
 */
export function visitorBy({ open, run, act, enter, picture }) {
  const runFunction = (ask, ...given) => run(`return (${ask})(...arguments)`, given);
  const point = (pointerType, [x, y]) =>
    act([{
      type: 'pointer',
      id: pointerType,
      parameters: { pointerType },
      actions: [
        { type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y), origin: 'viewport' },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ],
    }]);
  const press = (actions) => act([{ type: 'key', id: 'keys', actions }]);
  return {
    open,
    run: runFunction,
    async inFrame(find, ask, ...given) {
      await enter(await runFunction(find));
      try {
        return await runFunction(ask, ...given);
      } finally {
        await enter(null);
      }
    },
    click: (at) => point('mouse', at),
    tap: (at) => point('touch', at),
    key: (name) => press(pressed(keys[name])),
    type: (text) => press([...text].flatMap(pressed)),
    picture: async () => Buffer.from(await picture(), 'base64'),
  };
}
