/// <reference path="./widget.d.ts" />

/** Says once for the whole app where the proxy is, scheme and all: https://slots.example.com. */
export declare function configure(settings: { origin: string }): void;

/**
 * Brings the proxy's widget.js into the page, once, and resolves with window.Slotwire. Without an origin, neither here nor by
 * `configure`, it waits for the script tag that the page has itself. On a server it never resolves.
 */
export declare function load(origin?: string): Promise<SlotwireApi>;

export interface SlotwireClientOptions {
  /** An admin JWT of the proxy's: with it a server books without being a page. Never in a page or an app. */
  token?: string;
  /** Another fetch than the global one. */
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

/** A free time. Instants are RFC 3339 in UTC. */
export interface SlotwireFreeSlot {
  start: string;
  end: string;
  status: string;
  inviteesRemaining: number;
  schedulingUrl: string;
}

/** A free time of several event types: whose it is, and who else has it. */
export interface SlotwireAnyOfSlot extends SlotwireFreeSlot {
  eventTypeUri: string;
  alternatives: (SlotwireFreeSlot & { eventTypeUri: string })[];
}

/** Whose a time is that several have: each one's in turn, or the first's that was named. */
export type SlotwireTurn = 'fair' | 'order';

/** Where a stretch of days came from. */
export interface SlotwireWindow {
  start: string;
  end: string;
  source: 'cache' | 'upstream' | 'stale' | 'failed';
  fetchedAt?: string;
  error?: string;
  /** Of several event types: whose days these are. */
  eventTypeUri?: string;
}

/** What an answer says of itself. */
export interface SlotwireProvenance {
  cached: boolean;
  /** Some of it is an old copy. */
  stale: boolean;
  /** False when some days could be had neither fresh nor old, or an event type is missing: no slots does not mean that none are free. */
  complete: boolean;
  fetchedAt?: string | null;
  windows: SlotwireWindow[];
}

interface SlotwireRange<Slot> extends SlotwireProvenance {
  timezone: string;
  startDate: string;
  endDate: string;
  slots: Slot[];
  /** The same slots by the days of `timezone`; days without any are left out. */
  days: { date: string; slots: Slot[] }[];
}

export interface SlotwireSlots extends SlotwireRange<SlotwireFreeSlot> {
  eventTypeUri: string;
  eventTypeName: string;
  duration: number;
}

/** An event type as it was named that is not known, or no longer: its times are not among those of the others. */
export interface SlotwireMissing {
  eventType: string;
  error: string;
}

/** Of several event types. */
export interface SlotwireAnyOfSlots extends SlotwireRange<SlotwireAnyOfSlot> {
  eventTypes: SlotwireEventType[];
  missing: SlotwireMissing[];
  anyOf: SlotwireTurn;
  /** Null when they are not all as long: each slot has its own end. */
  duration: number | null;
}

/** The next free times, of one event type or several. */
export interface SlotwireNext extends SlotwireProvenance {
  eventTypes: SlotwireEventType[];
  missing: SlotwireMissing[];
  anyOf: SlotwireTurn;
  duration: number | null;
  timezone: string;
  part: SlotwirePart | null;
  after: string | null;
  /** The last second that was looked at: asked for again `after` it, the search goes on. */
  lookedUntil: string;
  slots: SlotwireAnyOfSlot[];
}

/** Until noon, until five, and then, on the clocks of `timezone`. */
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
  /** Links for the visitor to change their mind with. */
  cancelUrl: string;
  rescheduleUrl: string;
}

export interface SlotwireBookingForm {
  eventTypeUri: string;
  eventTypeName: string;
  duration: number;
  /** False, with a `reason`, where it is to be booked at `schedulingUrl`. */
  canBook: boolean;
  reason?: string;
  schedulingUrl: string;
  questions: { name: string; type: string; position: number; required: boolean; options: string[]; includeOther: boolean }[];
  /** `asks` says what the visitor has to tell of it, if anything. */
  locations: { kind: string; text: string; asks: string }[];
}

/** Days whose free times have changed, both inclusive, UTC. */
export interface SlotwireDays {
  start: string;
  end: string;
}

export interface SlotwireClient {
  eventTypes(options?: { owner?: string; signal?: AbortSignal }): Promise<SlotwireEventTypes>;
  /**
   * Free times from one day to another, both inclusive, YYYY-MM-DD in `timezone` (by default the program's own); today and the
   * thirteen days after it unless they are named, and at most 92 days. Of several event types (a list, at most ten) it is what any
   * of them has free.
   */
  slots<Name extends string | readonly string[]>(
    eventType: Name,
    options?: { from?: string; to?: string; timezone?: string; anyOf?: SlotwireTurn; signal?: AbortSignal },
  ): Promise<Name extends readonly string[] ? SlotwireAnyOfSlots : SlotwireSlots>;
  /** The first free times (one unless `count` says more) of any of these, after a day or an instant, within 31 days. */
  next(
    eventType: string | readonly string[],
    options?: { count?: number; after?: string; part?: SlotwirePart; timezone?: string; anyOf?: SlotwireTurn; signal?: AbortSignal },
  ): Promise<SlotwireNext>;
  /** What booking this event type asks. */
  bookingForm(eventType: string, options?: { signal?: AbortSignal }): Promise<SlotwireBookingForm>;
  /**
   * Books. `key` makes a booking one booking however often it is asked for: without one each call is a new wish. When no answer
   * comes it asks again under the same key, `attempts` times in all (3); an error that is thrown in the end carries `key`.
   * Where a booking costs work, `forbidden` carries `challenge`: ask again with `key` and `proof`, "<challenge>:<number>".
   */
  book(booking: SlotwireBooking, options?: { key?: string; attempts?: number; proof?: string; signal?: AbortSignal }): Promise<SlotwireBooked>;
  /** Hears of days whose free times have changed, until the function that comes back is called. Trouble is told, and asked on. */
  changes(listener: (days: SlotwireDays[]) => void, options?: { onError?: (error: unknown) => void }): () => void;
}

/** A client of the proxy's public calls; it needs no page, only fetch. `origin` with its scheme, or a TypeError says so. */
export declare function createClient(origin: string | URL, options?: SlotwireClientOptions): SlotwireClient;

export declare class SlotwireError extends Error {
  constructor(code: string, message: string, more?: object);
  /** One of the proxy's codes (`slot_taken`, `booking_not_available`, `bad_input`, ...), or `unreachable`. */
  code: string;
  status?: number;
  /** Of the first of `details`. */
  field?: string;
  details: { field?: string; message?: string }[];
  /** What came with the refusal: `nearest` free times of `slot_taken`, `schedulingUrl` where it cannot be booked here. */
  data?: any;
  retryAfterS?: number;
  /** Of a booking: ask again with it. */
  key?: string;
  /** Of a booking that costs work (`CALENDLY_BOOKING_PROOF`): what for. Ask again with the same key, and the `proof`. */
  challenge?: string;
}
