// Drives WebKit through its own driver and minimal browser, on a virtual display.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { display, folder, program, freePort } from './processes.mjs';
import { visitorBy } from './webdriver.mjs';

const driverPath = process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver';
// The library's path depends on its version and the architecture.
const kinds = ['x86_64', 'aarch64'].flatMap((kind) => ['webkit2gtk-4.1', 'webkitgtk-6.0'].map((name) => `/usr/lib/${kind}-linux-gnu/${name}/MiniBrowser`));
const browserPath = process.env.WEBKIT ?? kinds.find((path) => existsSync(path)) ?? kinds[0];

function touch(x, y) {
  let target = document.elementFromPoint(x, y);
  while (target.shadowRoot?.elementFromPoint(x, y)) target = target.shadowRoot.elementFromPoint(x, y);
  const about = { bubbles: true, composed: true, cancelable: true, clientX: x, clientY: y };
  const finger = { ...about, pointerId: 2, pointerType: 'touch', isPrimary: true, button: 0, width: 20, height: 20 };
  target.dispatchEvent(new PointerEvent('pointerdown', { ...finger, buttons: 1 }));
  target.dispatchEvent(new PointerEvent('pointerup', finger));
  if (target.dispatchEvent(new UIEvent('touchend', about))) target.click();
}

async function ask(address, method, body) {
  const reply = await fetch(address, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(30_000) });
  const { value } = await reply.json();
  if (!reply.ok) throw new Error(`webkit: ${value.error}: ${value.message}`);
  return value;
}

export async function start({ dark }) {
  const [home, remove] = folder();
  // The browser's buttons would make the window wider than a phone.
  mkdirSync(join(home, 'gtk-3.0'));
  writeFileSync(join(home, 'gtk-3.0/gtk.css'), '* { padding: 0; margin: 0; min-width: 0; min-height: 0; border-width: 0; }');
  const screen = await display();
  const driver = await freePort();
  const { end } = await program(driverPath, [`--port=${driver}`], {
    ...screen.environment, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home,
    // The sandbox is not available to root or in most containers.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  });
  const root = `http://127.0.0.1:${driver}`;
  const deadline = Date.now() + 20_000;
  while (!(await ask(`${root}/status`, 'GET').catch((error) => Date.now() > deadline && Promise.reject(error)))) await after(20);
  const args = ['--automation', '--full-screen', ...(dark ? ['--dark-mode'] : [])];
  const { sessionId } = await ask(`${root}/session`, 'POST', {
    capabilities: { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: browserPath, args } } },
  });
  const session = `${root}/session/${sessionId}`;
  const tell = (command, body) => ask(`${session}/${command}`, 'POST', body);
  const resize = (width, height) => tell('window/rect', { x: 0, y: 0, width, height });
  await resize(1280, 1000);
  return {
    ...visitorBy({
      open: (url) => tell('url', { url }),
      run: (script, args) => tell('execute/sync', { script, args }),
      act: (actions) => tell('actions', { actions }),
      enter: (id) => tell('frame', { id }),
      picture: () => ask(`${session}/screenshot`, 'GET'),
    }),
    resize,
    // The driver turns touch into mouse input (2.50), so touch events are dispatched by a script.
    tap: ([x, y]) => tell('execute/sync', { script: `(${touch})(...arguments)`, args: [x, y] }),
    async leave() {
      await ask(session, 'DELETE').catch(() => {});
      await end();
      await screen.end();
      remove();
    },
  };
}
