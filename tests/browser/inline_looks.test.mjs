// Appearance of booking in the widget: Content-Security-Policies, height, direction, screen readers.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { newPage, openPicker } from './harness.mjs';
import { browser, choose, form, formOpened, note, pressBook, site, start, stop, submit } from './inline_booking.mjs';

before(start);
after(stop);

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test('inline: a strict policy and Trusted Types have nothing to forbid', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.violations.push(`${violatedDirective} ${blockedURI}`));
  });
  await openPicker(page, `${site.origin}/strict`);
  await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await submit(page).click();
  await note(page).getByText('answers need another look').waitFor();
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: the height follows what is asked and is told, and stays as the site has set it', async () => {
  const { page, context } = await formOpened('/intake', { viewport: { width: 360, height: 900 } });
  assert.equal(await page.evaluate(() => window.shift), 0, 'its coming moves nothing');
  const height = () => page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height);
  const told = () => page.evaluate(() => window.widgetEvents.filter(({ name }) => name === 'resize').at(-1).detail.height);
  await submit(page).click();
  await note(page).getByText('answers need another look').waitFor();
  const sheet = () => page.locator('.booking .sheet').evaluate((one) => one.getBoundingClientRect().height);
  await page.waitForFunction(() => {
    const host = document.querySelector('slot-picker');
    return host.getBoundingClientRect().height >= host.shadowRoot.querySelector('.sheet').getBoundingClientRect().height;
  });
  assert.ok((await height()) >= (await sheet()));
  assert.equal(await told(), await height());
  await page.keyboard.press('Escape');
  await form(page).waitFor({ state: 'detached' });
  assert.equal(await height(), 740);
  await context.close();

  const fixed = await formOpened('/high');
  assert.equal(await fixed.page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height), 540);
  await submit(fixed.page).scrollIntoViewIfNeeded();
  assert.ok(await submit(fixed.page).isVisible());
  await fixed.context.close();
});

test('inline: in Arabic, from right to left', async () => {
  const { page, context, problems } = await formOpened('/arabic');
  assert.equal(await form(page).getAttribute('dir'), 'rtl');
  assert.equal(await page.locator('#booking-heading').textContent(), 'بياناتك');
  const [about, rest] = await Promise.all(['.about', 'form'].map((one) => page.locator(`.booking ${one}`).boundingBox()));
  assert.ok(about.x > rest.x, 'what it is about is on the right');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: a screen reader hears what it is about, what is asked, and what is wrong', async () => {
  const { page, context } = await formOpened('/intake');
  await submit(page).click();
  await note(page).getByText('answers need another look').waitFor();
  const client = await context.newCDPSession(page);
  const { nodes } = await client.send('Accessibility.getFullAXTree');
  const said = nodes.filter(({ ignored }) => !ignored).map(({ role, name, description, properties }) => ({
    role: role?.value, name: name?.value, description: description?.value,
    invalid: properties?.find((one) => one.name === 'invalid')?.value?.value, required: properties?.find((one) => one.name === 'required')?.value?.value,
  }));
  const find = (role, name) => said.find((one) => one.role === role && name.test(one.name ?? ''));
  assert.ok(find('group', /^Intake on site$/));
  assert.match(find('form', /^Your details$/).description, /PM|AM|\d\d:\d\d/);
  for (const name of [/^Name$/, /^E-mail$/, /^Company$/]) {
    const { description, invalid, required } = find('textbox', name);
    assert.deepEqual([description, invalid, required], ['Please fill this in', 'true', true], String(name));
  }
  assert.ok(find('radiogroup', /^Size \(optional\)$/));
  assert.ok(find('alert', /^$/) ?? find('alert', /3 answers/));
  assert.ok(!find('gridcell', /./) && !find('button', /^Time zone/), 'the picker behind it is out of reach');
  await context.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`inline: axe finds nothing in the form, filled in wrongly or sent, ${colorScheme}`, async () => {
    for (const path of ['/intake', '/60min', '/arabic']) {
      const { page, context } = await formOpened(path, { colorScheme });
      const client = await context.newCDPSession(page);
      await client.send('Runtime.evaluate', { expression: axe });
      const violations = () => page.evaluate(async () => {
        await Promise.all(document.querySelector('slot-picker').shadowRoot.getAnimations?.().map(({ finished }) => finished) ?? []);
        const { violations: found } = await window.axe.run('body');
        return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      });
      assert.deepEqual(await violations(), [], path);
      await submit(page).click();
      await page.locator('.booking .wrong').first().waitFor();
      assert.deepEqual(await violations(), [], `${path} with complaints`);
      await context.close();
    }
  });
}
