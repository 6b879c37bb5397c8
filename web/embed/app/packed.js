// Encodes a slots answer as the packed bytes of shared/wire_packed.h.

const sources = { __proto__: null, cache: 0, upstream: 1, stale: 2, failed: 3 };
const dayOf = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / 86400000);

/** An event type's description without its empty lines. */
const about = (text) => (text ?? '').trim().replace(/\s*\n\s*/g, '\n');

/**
 * @param {any} data of GET /api/app/calendly/slots
 * @returns {Uint8Array}
 */
export function packedFromSlots(data) {
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(4096);
  let view = new DataView(bytes.buffer);
  let used = 0;
  const room = (count) => {
    if (used + count > bytes.length) {
      const grown = new Uint8Array(Math.max(bytes.length * 2, used + count));
      grown.set(bytes);
      bytes = grown;
      view = new DataView(bytes.buffer);
    }
    used += count;
    return used - count;
  };
  // `room` is called first: it may replace `view` and `bytes` with larger ones, so they must be read after it.
  const writer = (size, method) => (value) => {
    const at = room(size);
    view[method](at, value, true);
  };
  const u8 = writer(1, 'setUint8');
  const u32 = writer(4, 'setUint32');
  const i32 = writer(4, 'setInt32');
  const f64 = writer(8, 'setFloat64');
  const str = (value) => {
    const text = encoder.encode(value ?? '');
    u32(text.length);
    const at = room(text.length);
    bytes.set(text, at);
  };

  u32(0x33535753);
  for (const name of ['eventTypeName', 'profileName', 'locationKind']) str(data[name]);
  str(about(data.description));
  u32(data.duration ?? 0);
  u8((data.cached ? 1 : 0) | (data.stale ? 2 : 0) | (data.complete ? 4 : 0));
  const types = data.eventTypes ?? [{ uri: data.eventTypeUri, name: data.eventTypeName, duration: data.duration }];
  u32(types.length);
  for (const type of types) {
    str(type.uri);
    str(type.name);
    u32(type.duration);
  }
  u32(data.windows.length);
  for (const window of data.windows) {
    i32(dayOf(window.start));
    i32(dayOf(window.end));
    // An unknown source is treated as a failed window.
    u8(sources[window.source] ?? sources.failed);
    f64(window.fetchedAt ? Date.parse(window.fetchedAt) : NaN);
    str(window.error?.code ?? window.error);
  }
  u32(data.slots.length);
  for (const slot of data.slots) {
    f64(Date.parse(slot.start));
    u32(slot.inviteesRemaining ?? 1);
    u8(slot.eventTypeUri ? types.findIndex(({ uri }) => uri === slot.eventTypeUri) : 0);
    str(slot.schedulingUrl);
  }
  return bytes.subarray(0, used);
}

/**
 * The event types as zero-separated text for sw_event_types.
 * @param {any} data of GET /api/app/calendly/event-types
 */
export function textFromEventTypes(data) {
  const fields = [data.mode ?? 'none'];
  for (const type of data.eventTypes ?? []) {
    fields.push(
      type.uri, type.slug, type.name, type.duration, type.color, type.kind, type.schedulingUrl,
      (type.durationOptions ?? []).join(','), about(type.description), type.profileName, type.locationKind,
    );
  }
  return fields.map((field) => `${String(field ?? '').replaceAll('\0', '')}\0`).join('');
}
