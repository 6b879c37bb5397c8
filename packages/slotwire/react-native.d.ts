/// <reference path="./widget.d.ts" />
import type { ReactElement } from 'react';
import type { WebViewProps } from 'react-native-webview';

/** What the picker told, as its DOM event would carry it. */
type Told<Name extends keyof SlotwireEvents> = { type: Name; detail: SlotwireEvents[Name]['detail'] };

/** And all that a WebView takes, `style` above all. */
export interface SlotPickerProps extends Omit<WebViewProps, 'source' | 'injectedJavaScriptBeforeContentLoaded' | 'onError'> {
  /** Address of the proxy. */
  origin: string;
  /** Path of the page on the proxy, `acme/30min`, with Calendly's query if any; Calendly's whole link will do. */
  page: string;
  prefill?: SlotwirePrefill;
  utm?: SlotwireUtm;
  onReady?: (told: Told<'slotwire:ready'>) => void;
  onEventTypeSelected?: (told: Told<'slotwire:eventtypeselected'>) => void;
  onDateSelected?: (told: Told<'slotwire:dateselected'>) => void;
  onSlotSelected?: (told: Told<'slotwire:slotselected'>) => void;
  onBooked?: (told: Told<'slotwire:booked'>) => void;
  onStale?: (told: Told<'slotwire:stale'>) => void;
  /** The picker's trouble, or the WebView's own (`nativeEvent`). */
  onError?: (told: Told<'slotwire:error'> | Parameters<NonNullable<WebViewProps['onError']>>[0]) => void;
  onResize?: (told: Told<'slotwire:resize'>) => void;
}

export declare function SlotPicker(props: SlotPickerProps): ReactElement;
