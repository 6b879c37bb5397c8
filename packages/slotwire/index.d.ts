/// <reference path="./widget.d.ts" />

/** Sets the proxy's address for the whole app, with its scheme: https://slots.example.com. */
export declare function configure(settings: { origin: string }): void;

/**
 * Loads the proxy's widget.js into the page, once, and resolves with window.Slotwire. Without an origin, neither here nor from
 * `configure`, it waits for a script tag of the page's own. On a server it never resolves.
 */
export declare function load(origin?: string): Promise<SlotwireApi>;

export interface SlotwireClientOptions {
  /** An admin JWT of the proxy, with which a server may book without being a page. Never use it in a page or an app. */
  token?: string;
  /** Used instead of the global fetch. */
  fetch?: typeof globalThis.fetch;
}

export interface SlotwireEventType {
  uri: string;
  name: string;
  slug: string;
  /** In minutes. */
  duration: number;
  durationOptions?: number[];
  description?: string;
  profileName?: string;
  locationKind?: string;
  color?: string;
  kind?: string;
  locale?: string;
  schedulingUrl: string;
}

export interface SlotwireEventTypes {
  mode: 'pat' | 'public' | 'none';
  eventTypes: SlotwireEventType[];
}

/** A free slot. Instants are RFC 3339 in UTC. */
export interface SlotwireFreeSlot {
  start: string;
  end: string;
  status: string;
  inviteesRemaining: number;
  schedulingUrl: string;
}

/** A free slot of several event types: the event type that it is booked with, and the others that have it too. */
export interface SlotwireAnyOfSlot extends SlotwireFreeSlot {
  eventTypeUri: string;
  alternatives: (SlotwireFreeSlot & { eventTypeUri: string })[];
}

/** Which event type gets a slot that several have: each in turn, or the first in the given order. */
export type SlotwireTurn = 'fair' | 'order';

/** Where the data of a range of days came from. */
export interface SlotwireWindow {
  start: string;
  end: string;
  source: 'cache' | 'upstream' | 'stale' | 'failed';
  fetchedAt?: string;
  error?: string;
  /** With several event types: the one that these days belong to. */
  eventTypeUri?: string;
}

/** How fresh and complete an answer is. */
export interface SlotwireProvenance {
  cached: boolean;
  /** Some of the data is an old copy. */
  stale: boolean;
  /**
   * False if some days could be fetched neither fresh nor from an old copy, or an event type is missing: then an empty list does
   * not mean that nothing is free.
   */
  complete: boolean;
  fetchedAt?: string | null;
  windows: SlotwireWindow[];
}

interface SlotwireRange<Slot> extends SlotwireProvenance {
  timezone: string;
  startDate: string;
  endDate: string;
  slots: Slot[];
  /** The same slots grouped by day in `timezone`; days without slots are left out. */
  days: { date: string; slots: Slot[] }[];
}

export interface SlotwireSlots extends SlotwireRange<SlotwireFreeSlot> {
  eventTypeUri: string;
  eventTypeName: string;
  duration: number;
}

/** A requested event type that is not known, or no longer active, as the request named it: `slots` has none of its times. */
export interface SlotwireMissing {
  eventType: string;
  error: string;
}

/** The slots of several event types. */
export interface SlotwireAnyOfSlots extends SlotwireRange<SlotwireAnyOfSlot> {
  eventTypes: SlotwireEventType[];
  missing: SlotwireMissing[];
  anyOf: SlotwireTurn;
  /** Null if the event types differ in duration: use each slot's own end. */
  duration: number | null;
}

/** The next free slots of one event type or several. */
export interface SlotwireNext extends SlotwireProvenance {
  eventTypes: SlotwireEventType[];
  missing: SlotwireMissing[];
  anyOf: SlotwireTurn;
  duration: number | null;
  timezone: string;
  part: SlotwirePart | null;
  after: string | null;
  /** The last second that was searched. To continue the search, pass it as `after`. */
  lookedUntil: string;
  slots: SlotwireAnyOfSlot[];
}

/** Until noon, until five, and after five, in `timezone`. */
export type SlotwirePart = 'morning' | 'afternoon' | 'evening';

export interface SlotwireBooking {
  /** URI, uuid, slug or scheduling link. */
  eventType: string;
  /** The slot's `start`. */
  start: string;
  invitee: { name: string; email: string; timezone: string };
  answers?: { position: number; answer: string }[];
  guests?: string[];
  location?: { kind: string; location?: string };
  tracking?: Omit<SlotwireUtm, 'salesforce_uuid'> & { salesforceUuid?: string };
}

export interface SlotwireBooked {
  eventTypeUri: string;
  start: string;
  end: string;
  status: string;
  eventUri: string;
  inviteeUri: string;
  /** Links with which the invitee can cancel or reschedule. */
  cancelUrl: string;
  rescheduleUrl: string;
}

export interface SlotwireBookingForm {
  eventTypeUri: string;
  eventTypeName: string;
  duration: number;
  /** False, with a `reason`, if it can only be booked at `schedulingUrl`. */
  canBook: boolean;
  reason?: string;
  schedulingUrl: string;
  questions: { name: string; type: string; position: number; required: boolean; options: string[]; includeOther: boolean }[];
  /** `asks` is the kind of detail that the invitee must give about the place, if any. */
  locations: { kind: string; text: string; asks: string }[];
}

/** Days whose availability has changed, both inclusive, UTC. */
export interface SlotwireDays {
  start: string;
  end: string;
}

export interface SlotwireClient {
  eventTypes(options?: { owner?: string; signal?: AbortSignal }): Promise<SlotwireEventTypes>;
  /**
   * The free slots of a range of days, both inclusive, YYYY-MM-DD in `timezone` (default: the program's own). The default range
   * is today and the next thirteen days; the longest is 92 days. For several event types (an array of at most ten) the answer has
   * the slots that any of them has free.
   */
  slots<Name extends string | readonly string[]>(
    eventType: Name,
    options?: { from?: string; to?: string; timezone?: string; anyOf?: SlotwireTurn; signal?: AbortSignal },
  ): Promise<Name extends readonly string[] ? SlotwireAnyOfSlots : SlotwireSlots>;
  /**
   * The first free slots (one, unless `count` is given) of any of these event types, after a day or an instant, within 31 days.
   */
  next(
    eventType: string | readonly string[],
    options?: { count?: number; after?: string; part?: SlotwirePart; timezone?: string; anyOf?: SlotwireTurn; signal?: AbortSignal },
  ): Promise<SlotwireNext>;
  /** What must be asked to book this event type. */
  bookingForm(eventType: string, options?: { signal?: AbortSignal }): Promise<SlotwireBookingForm>;
  /**
   * Books a slot. `key` is the Idempotency-Key: calls with the same key make one booking. Without it each call is a new booking.
   * When no answer comes, the call is repeated with the same key, up to `attempts` times in all (default 3); an error thrown at
   * the end has this `key`.
   * If the proxy requires a proof of work, the error `forbidden` has a `challenge`: call again with `key` and `proof`,
   * "<challenge>:<number>".
   */
  book(booking: SlotwireBooking, options?: { key?: string; attempts?: number; proof?: string; signal?: AbortSignal }): Promise<SlotwireBooked>;
  /**
   * Calls `listener` with the days whose availability has changed, until the returned function is called. After an error, calls
   * `onError` and retries.
   */
  changes(listener: (days: SlotwireDays[]) => void, options?: { onError?: (error: unknown) => void }): () => void;
}

/** Creates a client of the proxy's public API; it needs no page, only fetch. Throws a TypeError if `origin` has no scheme. */
export declare function createClient(origin: string | URL, options?: SlotwireClientOptions): SlotwireClient;

export declare class SlotwireError extends Error {
  constructor(code: string, message: string, more?: object);
  /** One of the proxy's codes (`slot_taken`, `booking_not_available`, `bad_input`, ...), or `unreachable`. */
  code: string;
  status?: number;
  /** The field of the first of `details`. */
  field?: string;
  details: { field?: string; message?: string }[];
  /** Data of the refusal: the `nearest` free slots for `slot_taken`, `schedulingUrl` if this slot cannot be booked here. */
  data?: any;
  retryAfterS?: number;
  /** The Idempotency-Key of a booking: use it to try again. */
  key?: string;
  /** The challenge, if bookings need a proof of work (`CALENDLY_BOOKING_PROOF`). Call again with the same key and the `proof`. */
  challenge?: string;
}
