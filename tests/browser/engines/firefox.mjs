// Drives Firefox through Marionette, its socket for WebDriver commands. Headless Firefox has no WebGL, so it runs on a virtual display.
// https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html: each message is its length in bytes, a colon and [0, id,
// command, parameters], answered by [1, id, error, result].
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { within } from './engine.mjs';
import { display, folder, program } from './processes.mjs';
import { visitorBy } from './webdriver.mjs';

const firefoxPath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

const settings = {
  'marionette.port': 0,
  'webgl.force-enabled': true,
  'dom.w3c_touch_events.enabled': 1,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'browser.aboutwelcome.enabled': false,
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': '',
  'extensions.update.enabled': false,
};
const scheme = 'layout.css.prefers-color-scheme.content-override';

async function connection(port) {
  const socket = connect(port, '127.0.0.1');
  const waiting = new Map();
  let last = 0;
  let bytes = Buffer.alloc(0);
  let greeted;
  const greeting = new Promise((settle) => {
    greeted = settle;
  });
  socket.on('data', (data) => {
    bytes = Buffer.concat([bytes, data]);
    for (;;) {
      const colon = bytes.indexOf(':');
      const end = colon + 1 + Number(bytes.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || bytes.length < end) return;
      const message = JSON.parse(bytes.subarray(colon + 1, end));
      bytes = bytes.subarray(end);
      if (!Array.isArray(message)) {
        greeted();
        continue;
      }
      const [, id, error, result] = message;
      const { settle, fail } = waiting.get(id);
      waiting.delete(id);
      if (error) fail(new Error(`firefox: ${error.error}: ${error.message}`));
      else settle(result);
    }
  });
  const over = (error) => waiting.forEach(({ fail }) => fail(new Error(`firefox: the connection ended ${error ?? ''}`)));
  socket.on('error', over).on('close', over);
  await within(greeting, 'firefox');
  return (command, parameters = {}) => {
    const id = ++last;
    const text = JSON.stringify([0, id, command, parameters]);
    socket.write(`${Buffer.byteLength(text)}:${text}`);
    return within(new Promise((settle, fail) => waiting.set(id, { settle, fail })), `firefox ${command}`);
  };
}

export async function start({ dark }) {
  const [profile, remove] = folder();
  const preferences = { ...settings, [scheme]: dark ? 0 : 1 };
  writeFileSync(join(profile, 'user.js'), Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`).join(''));
  const screen = await display();
  const { said, end } = await program(
    firefoxPath, ['--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile, '--width', '1280', '--height', '1200'],
    { ...screen.environment, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' }, /Listening on port (\d+)/,
  );
  const tell = await connection(Number(said[1]));
  await tell('WebDriver:NewSession', { capabilities: { alwaysMatch: {} } });
  /** Runs a script in the browser's own window, outside the page. */
  async function above(script, args) {
    await tell('Marionette:SetContext', { value: 'chrome' });
    await tell('WebDriver:ExecuteScript', { script, args });
    await tell('Marionette:SetContext', { value: 'content' });
  }
  const value = async (command, parameters) => (await tell(command, parameters)).value;
  const run = (script, args) => value('WebDriver:ExecuteScript', { script, args, sandbox: null });
  async function resize(width, height) {
    // The window itself cannot be as narrow as a phone, so the page's element is resized.
    await above(
      `const { style } = gBrowser.selectedBrowser;
       for (const [name, px] of [['width', arguments[0]], ['height', arguments[1]]]) for (const limit of ['min-', 'max-', '']) style.setProperty(limit + name, px + 'px');`,
      [width, height],
    );
    while (!(await run('return innerWidth === arguments[0] && innerHeight === arguments[1]', [width, height])));
  }
  await resize(1280, 1000);
  return {
    ...visitorBy({
      open: (url) => tell('WebDriver:Navigate', { url }),
      run,
      act: (actions) => tell('WebDriver:PerformActions', { actions }),
      enter: (element) => tell('WebDriver:SwitchToFrame', { element: element && Object.values(element)[0] }),
      picture: () => value('WebDriver:TakeScreenshot', { full: false }),
    }),
    resize,
    darken: (now) => above(`Services.prefs.setIntPref('${scheme}', ${now ? 0 : 1})`, []),
    async leave() {
      await end();
      await screen.end();
      remove();
    },
  };
}
