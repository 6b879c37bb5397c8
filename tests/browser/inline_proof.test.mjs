// Booking in the widget if the proxy requires a proof of work (CALENDLY_BOOKING_PROOF): the visitor does not notice it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { widgetEvent } from './harness.mjs';
import { bookedAt, field, fillIn, formOpened, start, stop, submit } from './inline_booking.mjs';

before(() => start({ CALENDLY_BOOKING_PROOF: '14' }));
after(stop);

/** Sends the form; returns the requests and the site's events. */
async function sent(page) {
  const proofs = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') proofs.push(request.headers()['booking-proof'] ?? '');
  });
  await submit(page).click();
  const { start: at } = await widgetEvent(page, 'booked');
  assert.equal((await bookedAt(at)).length, 1);
  return proofs;
}

test('proof: a worker has done the work by the time the form is sent', async () => {
  const workers = [];
  // The proof starts before the form is visible, so workers must be counted from the beginning.
  const { page, context, problems } = await formOpened('/', { before: (fresh) => fresh.on('worker', (one) => workers.push(one.url())) });
  await fillIn(page);
  const proofs = await sent(page);
  assert.equal(proofs.length, 1);
  assert.match(proofs[0], /^v1\.\d+\.14\.[0-9a-f]{32}:\d+$/);
  assert.deepEqual(workers.map((url) => url.slice(0, 5)), ['blob:']);
  assert.deepEqual(page.workers(), []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('proof: where a page allows no worker, it is done in slices', async () => {
  const { page, context } = await formOpened('/strict');
  await fillIn(page);
  await field(page, 'Company').fill('Engines');
  await page.getByLabel('11-100').check();
  assert.equal((await sent(page)).length, 1);
  assert.deepEqual(page.workers(), []);
  await context.close();
});

// A form left open over lunch was refused, and the visitor had to type everything again on Calendly's page.
test('proof: a challenge that has expired over an open form is done anew, unseen', async () => {
  const { page, context } = await formOpened('/', {
    before: (fresh) => fresh.route('**/booking-form/**', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'booking-challenge': 'v1.1700000000.14.0123456789abcdef0123456789abcdef' } });
    }),
  });
  await fillIn(page);
  const proofs = await sent(page);
  assert.equal(proofs.length, 2);
  assert.ok(proofs[0].startsWith('v1.1700000000.14.'));
  assert.ok(!proofs[1].startsWith('v1.1700000000.14.'));
  await context.close();
});

// A site's firewall blocked the module that computes the proof. The form said that an answer was lost and the booking in doubt, although
// nothing had been sent.
test('proof: where the work cannot be done, nothing is in doubt and the booking page it is', async () => {
  const { page, context } = await formOpened('/', { before: (fresh) => fresh.route('**/widget-proof-*', (route) => route.abort()) });
  await fillIn(page);
  await submit(page).click();
  const frame = page.locator('dialog iframe');
  await frame.waitFor();
  assert.match(await frame.getAttribute('src'), /[?&]email=ada/);
  await context.close();
});
