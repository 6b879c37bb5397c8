// Types of slotwire's widget: its options, the events it tells, and the calls a page can make.
//
//   <script src="https://slots.example.com/widget.js" async></script>
//   <slot-picker event-type="30min"></slot-picker>

export {};

declare global {
  /** What the visitor has told already, by Calendly's names. */
  interface SlotwirePrefill {
    name?: string;
    firstName?: string;
    lastName?: string;
    email?: string;
    guests?: string[];
    location?: string;
    /** Answers to the event type's questions, in order. */
    customAnswers?: { [question in `a${number}`]?: string };
    date?: string | Date;
  }

  /** Where the visitor came from; at most 255 characters each. */
  interface SlotwireUtm {
    utmCampaign?: string;
    utmSource?: string;
    utmMedium?: string;
    utmContent?: string;
    utmTerm?: string;
    salesforce_uuid?: string;
  }

  /** As attributes in kebab-case: `event-type`, `first-day`. Every one takes effect when it changes; null takes it away. */
  interface SlotwireOptions {
    /**
     * URI, uuid, slug or the whole scheduling link; a time at the link's end is where the picker opens. A link to an owner's page
     * lists that owner's event types. What is not the account's own leads to that link, with `slotwire:error` (`event_type_not_found`).
     * Without it the visitor chooses from the account's event types. Several (at most ten, a list or with commas between them) are
     * one list of times, each of which is booked with whoever has it: events tell whose it is.
     */
    eventType?: string | readonly string[] | null;
    /** Whose a time is that several have: each one's in turn (the default), or the first's that was named. */
    anyOf?: 'fair' | 'order' | null;
    /** month by default. */
    view?: 'month' | 'week' | 'list' | null;
    /** IANA name, in letters of any case; the browser's own for what is none, and by default. */
    timezone?: string | null;
    /** The zone is said, not chosen, as for meetings in person: `timezone`, or without one the visitor's own. What is no time zone
     * locks nothing, and is told as `slotwire:error` (`unknown_timezone`) and in the console. */
    timezoneLock?: boolean | null;
    /** The locale's own clock by default. */
    hour12?: boolean | 'true' | 'false' | null;
    /** The page's `lang`, else the browser's. Words: en, ar, de, es, fr, hi, it, ja, nl, pt; dates and numbers in any. */
    locale?: string | null;
    /** 0 Sunday to 6 Saturday; the locale's own by default. */
    firstDay?: number | string | null;
    theme?: 'auto' | 'light' | 'dark' | null;
    /** Any CSS colour, `var(--brand)` and `currentColor` too. Text that could not be read on it is corrected (WCAG AA). */
    primaryColor?: string | null;
    textColor?: string | null;
    backgroundColor?: string | null;
    /** Corner radius in px. */
    radius?: number | string | null;
    fontFamily?: string | null;
    /** The day to open at, YYYY-MM-DD; of a Date the visitor's own. */
    date?: string | Date | null;
    /** An object, its JSON text, or a query string. */
    prefill?: SlotwirePrefill | string | null;
    utm?: SlotwireUtm | string | null;
    /** Addresses of those who are invited, too, as in `prefill`; `false`: the form asks for none. */
    guests?: string[] | string | false | null;
    /**
     * What "Book now" does. `overlay` (the default): Calendly's page in a dialog. `tab`: in a new tab. `event`: nothing but
     * `slotwire:slotselected` with `confirmed`. `inline`: a form in the widget, which grows with what the event type asks; the
     * proxy books for pages whose origin is in its CALENDLY_ALLOWED_ORIGINS, and for all others it is as `overlay`.
     */
    book?: 'inline' | 'overlay' | 'tab' | 'event' | null;
    /** In px or any CSS unit, though never lower than the picker needs; `auto` by default. */
    height?: number | 'auto' | string | null;
    /**
     * `datalayer`: what happens is also put into the page's `window.dataLayer`, as `slotwire_booked` and the like, for the tag
     * manager that the page has. Nothing of it is personal, and nobody else is told.
     */
    analytics?: 'datalayer' | null;
    /** Host, place and description are not shown. */
    hideDetails?: boolean | null;
  }

  interface SlotwirePopupOptions extends SlotwireOptions {
    /** Called when the visitor has closed it; not by `destroy`. */
    onClose?(): void;
  }

  interface SlotwireBadgeOptions extends SlotwireOptions {
    /** Of the button; "Book a time" in the visitor's language by default. */
    text?: string;
    /** Of the button, any CSS colour. */
    color?: string;
    /** Black or white instead, where it could not be read on `color`. */
    textColor?: string;
  }

  interface SlotwireHandle<Options = SlotwireOptions> {
    /** Changes the options that are named; null takes one away. */
    update(options: Options): void;
    /** Takes the widget away and gives back all that it held. Twice is once. */
    destroy(): void;
  }

  /** A time. Instants are RFC 3339 in UTC. */
  interface SlotwireSlot {
    start: string;
    end: string;
    /** IANA name of the zone the visitor sees times in. */
    timezone: string;
    /** URI of the event type. */
    eventType: string;
    schedulingUrl: string;
    eventTypeName: string;
    /** In minutes. */
    duration: number;
  }

  /** Details of the DOM events; they bubble, and leave shadow roots. */
  interface SlotwireEvents {
    /** The first screen is complete. */
    'slotwire:ready': CustomEvent<Record<string, never>>;
    /** The visitor chose from the list of event types. */
    'slotwire:eventtypeselected': CustomEvent<{ eventType: string; name: string }>;
    'slotwire:dateselected': CustomEvent<{ date: string; timezone: string }>;
    /** A time was chosen. With `book="event"` it comes once more, `confirmed`, when the visitor presses "Book now". */
    'slotwire:slotselected': CustomEvent<SlotwireSlot & { confirmed?: true }>;
    /** It is booked: the proxy said so (`inline`) or Calendly's page (`overlay`). A tab cannot tell. */
    'slotwire:booked': CustomEvent<
      Pick<SlotwireSlot, 'start' | 'end' | 'timezone' | 'eventType'> & { eventUri: string; inviteeUri: string }
    >;
    /** What is shown is an old copy, because the calendar cannot be reached. */
    'slotwire:stale': CustomEvent<{ fetchedAt: string }>;
    /**
     * `code` is one of the proxy's error codes, or one of the widget: `offline`, `unreachable` (nobody there, or held
     * back in the browser), `origin_not_allowed` (the page is not in CALENDLY_ALLOWED_ORIGINS), `load_failed`, `cannot_run`.
     */
    'slotwire:error': CustomEvent<{ code: string; message?: string }>;
    /** The widget's height in px. */
    'slotwire:resize': CustomEvent<{ height: number }>;
  }

  /** Own words, by language (`nl`) or locale (`nl-BE`): a text with {0} and {1}, or forms by Intl.PluralRules' categories. */
  type SlotwireMessages = Record<string, Record<string, string | { [form in Intl.LDMLPluralRule]?: string }>>;

  interface SlotwireApi {
    /** Puts a widget into an element, in place of one that is there. */
    mount(element: HTMLElement, options?: SlotwireOptions): SlotwireHandle;
    /** Opens a widget in a dialog over the page. */
    popup(options?: SlotwirePopupOptions): SlotwireHandle;
    /** Floats a button over the page's corner that opens the popup. */
    badge(options?: SlotwireBadgeOptions): SlotwireHandle<SlotwireBadgeOptions>;
    readonly version: string;
    /** To be filled before a widget is mounted. */
    messages: SlotwireMessages;
  }

  /** `<slot-picker>`: options as attributes or as properties. */
  interface SlotPickerElement extends HTMLElement, SlotwireOptions {}

  /** What Calendly's calls take, with `widget.js?calendly`. */
  interface SlotwireCalendlyOptions {
    url: string;
    prefill?: SlotwirePrefill;
    utm?: SlotwireUtm;
  }

  interface SlotwireCalendly {
    initInlineWidget(options: SlotwireCalendlyOptions & { parentElement?: HTMLElement | ArrayLike<HTMLElement> }): void;
    /** All of `.calendly-inline-widget[data-url]` that are new on the page. */
    initInlineWidgets(): void;
    initPopupWidget(options: SlotwireCalendlyOptions): void;
    showPopupWidget(url: string): void;
    closePopupWidget(): void;
    initBadgeWidget(options: SlotwireCalendlyOptions & { text?: string; color?: string; textColor?: string; branding?: boolean }): void;
    destroyBadgeWidget(): void;
  }

  /** There once widget.js has run. */
  var Slotwire: SlotwireApi;
  var Calendly: SlotwireCalendly;

  interface HTMLElementTagNameMap {
    'slot-picker': SlotPickerElement;
  }
  interface GlobalEventHandlersEventMap extends SlotwireEvents {}
  interface WindowEventMap extends SlotwireEvents {}
}
