// The backend that people write for this job today: Express, axios, an in-memory cache with an entry for each range, and
// seven-day windows fetched one after the other.
//   incumbent.mjs           answers as Express sends them
//   incumbent.mjs --gzip    with the compression middleware
// Environment: CALENDLY_API_BASE_URL, CALENDLY_TOKEN. Takes a free port and prints it.
import axios from 'axios';
import compression from 'compression';
import express from 'express';
import NodeCache from 'node-cache';

const windowMs = 7 * 24 * 60 * 60 * 1000;
const durationMs = 30 * 60 * 1000;
const cache = new NodeCache({ stdTTL: 300 });
const calendly = axios.create({
  baseURL: process.env.CALENDLY_API_BASE_URL,
  headers: { Authorization: `Bearer ${process.env.CALENDLY_TOKEN}` },
  timeout: 10_000,
});

async function fetchSlots(eventType, start, end) {
  const slots = new Map();
  for (let from = start; from < end; from = new Date(from.getTime() + windowMs)) {
    const to = new Date(Math.min(from.getTime() + windowMs, end.getTime()));
    const { data } = await calendly.get('/event_type_available_times', {
      params: { event_type: eventType, start_time: from.toISOString(), end_time: to.toISOString() },
    });
    for (const slot of data.collection) slots.set(slot.start_time, slot);
  }
  return [...slots.values()]
    .sort((a, b) => new Date(a.start_time) - new Date(b.start_time))
    .map((slot) => ({
      start: slot.start_time,
      end: new Date(new Date(slot.start_time).getTime() + durationMs).toISOString(),
      status: slot.status,
      inviteesRemaining: slot.invitees_remaining,
      schedulingUrl: slot.scheduling_url,
    }));
}

const app = express();
if (process.argv.includes('--gzip')) app.use(compression());

app.get('/api/app/calendly/slots/:eventType', async (req, res) => {
  const { eventType } = req.params;
  const start = new Date(req.query.start_date);
  const end = new Date(req.query.end_date);
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) {
    return res.status(400).json({ success: false, message: 'start_date and end_date are required' });
  }
  const message = 'Available slots retrieved';
  const key = `${eventType}:${req.query.start_date}:${req.query.end_date}`;
  const hit = cache.get(key);
  if (hit) return res.json({ success: true, message, data: { eventTypeUri: eventType, slots: hit, cached: true } });
  try {
    const slots = await fetchSlots(eventType, start, end);
    cache.set(key, slots);
    res.json({ success: true, message, data: { eventTypeUri: eventType, slots, cached: false } });
  } catch (error) {
    res.status(error.response?.status ?? 502).json({ success: false, message: error.message });
  }
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`incumbent listening on http://127.0.0.1:${server.address().port}`);
});
