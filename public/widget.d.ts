// Types of slotwire's widget: its options, its events, and the calls that a page can make.
//
//   <script src="https://slots.example.com/widget.js" async></script>
//   <slot-picker event-type="30min"></slot-picker>

export {};

declare global {
  /** What the site already knows of the visitor, by Calendly's names. */
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

  /** Tracking parameters, which say where the visitor came from; at most 255 characters each. */
  interface SlotwireUtm {
    utmCampaign?: string;
    utmSource?: string;
    utmMedium?: string;
    utmContent?: string;
    utmTerm?: string;
    salesforce_uuid?: string;
  }

  /** As attributes these are in kebab-case: `event-type`, `first-day`. Each takes effect when it changes; null removes it. */
  interface SlotwireOptions {
    /**
     * URI, uuid, slug or the whole scheduling link. If the link ends with a time, the picker opens there. A link to an owner's
     * page shows that owner's event types. An event type of another account is shown as a link to its page, with the error event
     * `event_type_not_found`.
     * Without this option the visitor chooses from the account's event types. Several (at most ten, an array or separated by
     * commas) are shown as one list of times. Each time is booked with an event type that has it; the events name that type.
     */
    eventType?: string | readonly string[] | null;
    /** Which event type gets a time that several have: each in turn (the default), or the first in the given order. */
    anyOf?: 'fair' | 'order' | null;
    /** `month` by default. */
    view?: 'month' | 'week' | 'list' | null;
    /** IANA name, case-insensitive. By default, and if the name is invalid, the browser's own zone. */
    timezone?: string | null;
    /**
     * The zone is shown but cannot be changed, as for meetings in person: `timezone`, or without it the visitor's own. An invalid
     * time zone locks nothing, and is reported as `slotwire:error` (`unknown_timezone`) and in the console.
     */
    timezoneLock?: boolean | null;
    /** By default as usual in the locale. */
    hour12?: boolean | 'true' | 'false' | null;
    /**
     * By default the page's `lang`, else the browser's language. Texts: en, ar, de, es, fr, hi, it, ja, nl, pt; dates and numbers
     * in any.
     */
    locale?: string | null;
    /** 0 Sunday to 6 Saturday; by default as usual in the locale. */
    firstDay?: number | string | null;
    theme?: 'auto' | 'light' | 'dark' | null;
    /** Any CSS colour, including `var(--brand)` and `currentColor`. Text with too little contrast is corrected (WCAG AA). */
    primaryColor?: string | null;
    textColor?: string | null;
    backgroundColor?: string | null;
    /** Corner radius in px. */
    radius?: number | string | null;
    fontFamily?: string | null;
    /** The day to open at, YYYY-MM-DD; a Date means its day in the visitor's zone. */
    date?: string | Date | null;
    /** An object, its JSON text, or a query string. */
    prefill?: SlotwirePrefill | string | null;
    utm?: SlotwireUtm | string | null;
    /** Addresses of further guests, as in `prefill`; `false`: the form does not ask for guests. */
    guests?: string[] | string | false | null;
    /**
     * What "Book now" does. `overlay` (the default): opens Calendly's page in a dialog. `tab`: opens it in a new tab. `event`:
     * only sends `slotwire:slotselected` with `confirmed`. `inline`: opens a form in the widget, which grows with the event
     * type's questions. The proxy books for pages whose origin is in its CALENDLY_ALLOWED_ORIGINS; on all other pages `inline`
     * works like `overlay`.
     */
    book?: 'inline' | 'overlay' | 'tab' | 'event' | null;
    /** In px or any CSS unit, but at least what the picker needs; `auto` by default. */
    height?: number | 'auto' | string | null;
    /**
     * `datalayer`: events are also pushed to the page's `window.dataLayer`, as `slotwire_booked` and so on, for the page's own
     * tag manager. They contain nothing personal, and are sent nowhere else.
     */
    analytics?: 'datalayer' | null;
    /** Hides host, place and description. */
    hideDetails?: boolean | null;
  }

  interface SlotwirePopupOptions extends SlotwireOptions {
    /** Called when the visitor has closed the popup, but not by `destroy`. */
    onClose?(): void;
  }

  interface SlotwireBadgeOptions extends SlotwireOptions {
    /** Text of the button; by default "Book a time" in the visitor's language. */
    text?: string;
    /** Colour of the button, any CSS colour. */
    color?: string;
    /** Colour of the text; replaced by black or white if it has too little contrast with `color`. */
    textColor?: string;
  }

  interface SlotwireHandle<Options = SlotwireOptions> {
    /** Changes the named options; null removes one. */
    update(options: Options): void;
    /** Removes the widget and frees its resources. A second call has no effect. */
    destroy(): void;
  }

  /** A time slot. Instants are RFC 3339 in UTC. */
  interface SlotwireSlot {
    start: string;
    end: string;
    /** IANA name of the zone in which the visitor sees times. */
    timezone: string;
    /** URI of the event type. */
    eventType: string;
    schedulingUrl: string;
    eventTypeName: string;
    /** In minutes. */
    duration: number;
  }

  /** Details of the DOM events. The events bubble and cross shadow roots. */
  interface SlotwireEvents {
    /** The first screen is complete. */
    'slotwire:ready': CustomEvent<Record<string, never>>;
    /** The visitor selected an event type in the list. */
    'slotwire:eventtypeselected': CustomEvent<{ eventType: string; name: string }>;
    'slotwire:dateselected': CustomEvent<{ date: string; timezone: string }>;
    /** A time was selected. With `book="event"` it is sent again, with `confirmed`, when the visitor clicks "Book now". */
    'slotwire:slotselected': CustomEvent<SlotwireSlot & { confirmed?: true }>;
    /** The booking was made, as reported by the proxy (`inline`) or Calendly's page (`overlay`). A new tab cannot report it. */
    'slotwire:booked': CustomEvent<
      Pick<SlotwireSlot, 'start' | 'end' | 'timezone' | 'eventType'> & { eventUri: string; inviteeUri: string }
    >;
    /** The data shown is an old copy, because the calendar cannot be reached. */
    'slotwire:stale': CustomEvent<{ fetchedAt: string }>;
    /**
     * `code` is one of the proxy's error codes, or one of the widget's: `offline`, `unreachable` (no answer, or blocked in the
     * browser), `origin_not_allowed` (the page is not in CALENDLY_ALLOWED_ORIGINS), `load_failed`, `cannot_run`.
     */
    'slotwire:error': CustomEvent<{ code: string; message?: string }>;
    /** The widget's height in px. */
    'slotwire:resize': CustomEvent<{ height: number }>;
  }

  /**
   * The site's own texts, by language (`nl`) or locale (`nl-BE`): a text with {0} and {1}, or forms by the categories of
   * Intl.PluralRules.
   */
  type SlotwireMessages = Record<string, Record<string, string | { [form in Intl.LDMLPluralRule]?: string }>>;

  interface SlotwireApi {
    /** Mounts a widget in an element, replacing one that is there. */
    mount(element: HTMLElement, options?: SlotwireOptions): SlotwireHandle;
    /** Opens a widget in a dialog over the page. */
    popup(options?: SlotwirePopupOptions): SlotwireHandle;
    /** Shows a floating button in the corner of the page, which opens the popup. */
    badge(options?: SlotwireBadgeOptions): SlotwireHandle<SlotwireBadgeOptions>;
    readonly version: string;
    /** Must be filled before a widget is mounted. */
    messages: SlotwireMessages;
  }

  /** `<slot-picker>`: options as attributes or as properties. */
  interface SlotPickerElement extends HTMLElement, SlotwireOptions {}

  /** Arguments of Calendly's calls, with `widget.js?calendly`. */
  interface SlotwireCalendlyOptions {
    url: string;
    prefill?: SlotwirePrefill;
    utm?: SlotwireUtm;
  }

  interface SlotwireCalendly {
    initInlineWidget(options: SlotwireCalendlyOptions & { parentElement?: HTMLElement | ArrayLike<HTMLElement> }): void;
    /** Mounts all new `.calendly-inline-widget[data-url]` on the page. */
    initInlineWidgets(): void;
    initPopupWidget(options: SlotwireCalendlyOptions): void;
    showPopupWidget(url: string): void;
    closePopupWidget(): void;
    initBadgeWidget(options: SlotwireCalendlyOptions & { text?: string; color?: string; textColor?: string; branding?: boolean }): void;
    destroyBadgeWidget(): void;
  }

  /** Defined once widget.js has run. */
  var Slotwire: SlotwireApi;
  var Calendly: SlotwireCalendly;

  interface HTMLElementTagNameMap {
    'slot-picker': SlotPickerElement;
  }
  interface GlobalEventHandlersEventMap extends SlotwireEvents {}
  interface WindowEventMap extends SlotwireEvents {}
}
