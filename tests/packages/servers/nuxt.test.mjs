// <SlotPicker> in a new Nuxt app, from the packed tarball: built, served, hydrated, booked. Its first page contains the block of
// docs/embedding.md.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freeDays, widgetEvent, newPage } from '../../browser/harness.mjs';
import { embeddingBlocks } from '../embedding_blocks.mjs';
import { bookInline, choose, startStage } from '../stage.mjs';
import { finished, makeServerApp, serving, startFront } from './server_app.mjs';

let stage;
let front;
let server;
let address;
let tookMs;
before(async () => {
  const began = performance.now();
  front = await startFront();
  address = front.origin;
  stage = await startStage(address);
  const app = await makeServerApp('nuxt', stage.servers.origin);
  await mkdir(join(app, 'app/components'));
  await writeFile(join(app, 'app/components/Booking.vue'), (await embeddingBlocks(stage.servers.origin)).blocks.get('nuxt'));
  await finished(app, ['nuxt/bin/nuxt.mjs', 'build']);
  server = await serving(app, join(app, '.output/server/index.mjs'), [], { NITRO_PORT: '0', NITRO_HOST: '127.0.0.1' }, /Listening on (http:\S+)/);
  front.leadTo(server.address);
  tookMs = performance.now() - began;
});
after(async () => {
  await server?.stop();
  await front?.stop();
  await stage?.stop();
});

test('nuxt: the server sends the element with its attributes, it hydrates without a word, and a visitor books', async (t) => {
  const html = await (await fetch(address)).text();
  assert.match(html, /<slot-picker event-type="30min" book="inline"[^>]*><a href="https:\/\/calendly.com\/acme\/30min">Choose a time<\/a>/);
  const began = performance.now();
  const { page, context, problems } = await newPage(stage.browser);
  await page.goto(address);
  await freeDays(page).first().waitFor({ state: 'attached' });
  const chosen = await choose(page);
  assert.equal((await bookInline(page)).start, chosen.start);
  await page.locator('#booked', { hasText: chosen.start }).waitFor();
  t.diagnostic(`packed, installed, built and started in ${Math.round(tookMs)} ms; from an empty tab to a booking: ${Math.round(performance.now() - began)} ms`);
  assert.deepEqual(problems, []);
  await context.close();
});

test('nuxt: going to another page and back leaves one picker', async () => {
  const { page, context, problems } = await newPage(stage.browser);
  await page.goto(address);
  await widgetEvent(page, 'ready');
  await page.getByRole('link', { name: 'Other' }).click();
  await page.getByRole('heading', { name: 'The other page' }).waitFor();
  assert.equal(await page.locator('slot-picker').count(), 0);
  await page.evaluate(() => { window.widgetEvents.length = 0; });
  await page.getByRole('link', { name: 'Back' }).click();
  await widgetEvent(page, 'ready');
  assert.equal(await page.locator('slot-picker').count(), 1);
  assert.deepEqual(problems, []);
  await context.close();
});
