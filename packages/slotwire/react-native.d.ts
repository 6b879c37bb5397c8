/// <reference path="./widget.d.ts" />
import type { ReactElement } from 'react';
import type { WebViewProps } from 'react-native-webview';

/** An event of the picker, with the type and detail of its DOM event. */
type Told<Name extends keyof SlotwireEvents> = { type: Name; detail: SlotwireEvents[Name]['detail'] };

/** Plus all props of WebView, for example `style`. */
export interface SlotPickerProps extends Omit<WebViewProps, 'source' | 'injectedJavaScriptBeforeContentLoaded' | 'onError'> {
  /** Address of the proxy. */
  origin: string;
  /** Path of the page on the proxy, such as `acme/30min`, with Calendly's query if any. Calendly's whole link works too. */
  page: string;
  prefill?: SlotwirePrefill;
  utm?: SlotwireUtm;
  onReady?: (told: Told<'slotwire:ready'>) => void;
  onEventTypeSelected?: (told: Told<'slotwire:eventtypeselected'>) => void;
  onDateSelected?: (told: Told<'slotwire:dateselected'>) => void;
  onSlotSelected?: (told: Told<'slotwire:slotselected'>) => void;
  onBooked?: (told: Told<'slotwire:booked'>) => void;
  onStale?: (told: Told<'slotwire:stale'>) => void;
  /** An error of the picker, or of the WebView itself (with `nativeEvent`). */
  onError?: (told: Told<'slotwire:error'> | Parameters<NonNullable<WebViewProps['onError']>>[0]) => void;
  onResize?: (told: Told<'slotwire:resize'>) => void;
}

export declare function SlotPicker(props: SlotPickerProps): ReactElement;
