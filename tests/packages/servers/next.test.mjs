// <SlotPicker> and react-calendly's names in a new Next app, from the packed tarball: built, served, hydrated, booked. Its first page
// contains the block of docs/embedding.md.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
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
  const app = await makeServerApp('next', stage.servers.origin);
  await writeFile(join(app, 'app/booking.jsx'), (await embeddingBlocks(stage.servers.origin)).blocks.get('next'));
  await finished(app, ['next/dist/bin/next', 'build']);
  server = await serving(app, join(app, '../../node_modules/next/dist/bin/next'), ['start', '-p', '0', '-H', '127.0.0.1'], {}, /Local:\s+(http:\S+)/);
  front.leadTo(server.address);
  tookMs = performance.now() - began;
});
after(async () => {
  await server?.stop();
  await front?.stop();
  await stage?.stop();
});

test('next: the server sends the element with its attributes, it hydrates without a word, and a visitor books', async (t) => {
  const html = await (await fetch(address)).text();
  assert.match(html, /<slot-picker event-type="30min" book="inline"><a href="https:\/\/calendly.com\/acme\/30min">Choose a time<\/a><\/slot-picker>/);
  const began = performance.now();
  const { page, context, problems } = await newPage(stage.browser);
  await page.goto(address);
  await freeDays(page).first().waitFor({ state: 'attached' });
  const chosen = await choose(page);
  assert.equal((await bookInline(page)).start, chosen.start);
  t.diagnostic(`packed, installed, built and started in ${Math.round(tookMs)} ms; from an empty tab to a booking: ${Math.round(performance.now() - began)} ms`);
  assert.deepEqual(problems, []);
  await context.close();
});

test('next: going to another page and back leaves one picker, and react-calendly\'s names work there', async () => {
  const { page, context, problems } = await newPage(stage.browser);
  await page.goto(address);
  await widgetEvent(page, 'ready');
  await page.getByRole('link', { name: 'Other' }).click();
  await page.getByRole('heading', { name: 'The other page' }).waitFor();
  await page.locator('.calendly-inline-widget > div').waitFor();
  await freeDays(page).first().waitFor({ state: 'attached' });
  await page.locator('body.viewed').waitFor();
  await page.evaluate(() => { window.widgetEvents.length = 0; });
  await page.getByRole('link', { name: 'Back' }).click();
  await page.locator('slot-picker').waitFor();
  await widgetEvent(page, 'ready');
  assert.equal(await page.locator('slot-picker').count(), 1);
  assert.equal(await page.locator('.calendly-inline-widget').count(), 0);
  assert.deepEqual(problems, []);
  // Directly to the other page, which is also rendered on the server.
  assert.match(await (await fetch(`${address}/other`)).text(), /<noscript><a href="https:\/\/calendly.com\/acme\/30min">/);
  await page.goto(`${address}/other`);
  await widgetEvent(page, 'ready');
  assert.deepEqual(problems, []);
  await context.close();
});
