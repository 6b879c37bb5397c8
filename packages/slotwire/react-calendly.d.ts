/// <reference path="./widget.d.ts" />
import type { ComponentType, CSSProperties, ReactElement } from 'react';

export { configure } from './index.js';

export interface Prefill extends SlotwirePrefill {}
export interface Utm extends SlotwireUtm {}

/** Colours are six hex digits without `#`. Settings that hide parts of Calendly's own page are ignored. */
export interface PageSettings {
  backgroundColor?: string;
  hideEventTypeDetails?: boolean;
  hideLandingPageDetails?: boolean;
  hideGdprBanner?: boolean;
  primaryColor?: string;
  textColor?: string;
}

interface Common {
  /** Calendly's own link to the event type. */
  url: string;
  prefill?: Prefill;
  utm?: Utm;
  pageSettings?: PageSettings;
  /** Address of the proxy; not needed after `configure({ origin })`, or if the page includes `widget.js?calendly` itself. */
  origin?: string;
  /** Ignored: there is no iframe. */
  iframeTitle?: string;
  /** Ignored: an outline of the picker is shown at once. */
  LoadingSpinner?: ComponentType;
}

/** Ignored: the dialog is shown above the whole page. */
interface Rooted {
  rootElement?: HTMLElement | null;
}

export interface InlineWidgetProps extends Common {
  styles?: CSSProperties;
  className?: string;
}
export declare function InlineWidget(props: InlineWidgetProps): ReactElement;

export interface PopupModalProps extends Common, Rooted {
  open: boolean;
  /** Called without an argument when the visitor has closed the dialog. */
  onModalClose: () => void;
}
export declare function PopupModal(props: PopupModalProps): null;

export interface PopupButtonProps extends Common, Rooted {
  text: string;
  styles?: CSSProperties;
  className?: string;
}
export declare function PopupButton(props: PopupButtonProps): ReactElement;

export interface PopupWidgetProps extends Common, Rooted {
  text?: string;
  color?: string;
  textColor?: string;
  branding?: boolean;
}
export declare function PopupWidget(props: PopupWidgetProps): null;

type Message<Name, Payload> = MessageEvent<{ event: Name; payload: Payload }>;
export type ProfilePageViewedEvent = Message<'calendly.profile_page_viewed', {}>;
export type EventTypeViewedEvent = Message<'calendly.event_type_viewed', {}>;
export type DateAndTimeSelectedEvent = Message<'calendly.date_and_time_selected', {}>;
export type EventScheduledEvent = Message<'calendly.event_scheduled', { event: { uri: string }; invitee: { uri: string } }>;
export type PageHeightResizeEvent = Message<'calendly.page_height', { height: string }>;

export interface CalendlyEventHandlers {
  onProfilePageViewed?: (event: ProfilePageViewedEvent) => any;
  onEventTypeViewed?: (event: EventTypeViewedEvent) => any;
  onDateAndTimeSelected?: (event: DateAndTimeSelectedEvent) => any;
  onEventScheduled?: (event: EventScheduledEvent) => any;
  onPageHeightResize?: (event: PageHeightResizeEvent) => any;
}
export declare function useCalendlyEventListener(handlers: CalendlyEventHandlers): void;
