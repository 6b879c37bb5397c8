// Drives Chromium through Playwright: headless, with WebGL in software.
import { startBrowser } from '../harness.mjs';
import { within } from './engine.mjs';

export async function start({ dark }) {
  const browser = await startBrowser();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 1000 }, timezoneId: 'Europe/Amsterdam', locale: 'en-US', hasTouch: true, colorScheme: dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const call = ([ask, given]) => (0, eval)(`(${ask})`)(...given);
  return {
    open: (url) => page.goto(url),
    run: (ask, ...given) => within(page.evaluate(call, [String(ask), given]), `${ask} with ${JSON.stringify(given)}`),
    async inFrame(find, ask, ...given) {
      const frame = await (await page.evaluateHandle(find)).contentFrame();
      return frame.evaluate(call, [String(ask), given]);
    },
    click: ([x, y]) => page.mouse.click(x, y),
    tap: ([x, y]) => page.touchscreen.tap(x, y),
    key: (name) => page.keyboard.press(name),
    type: (text) => page.keyboard.type(text),
    resize: (width, height) => page.setViewportSize({ width, height }),
    picture: () => page.screenshot(),
    darken: (now) => page.emulateMedia({ colorScheme: now ? 'dark' : 'light' }),
    leave: () => browser.close(),
  };
}
