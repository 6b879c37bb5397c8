/// <reference path="./widget.d.ts" />
import type { DefineComponent } from 'vue';

export { configure, load } from './index.js';

export interface SlotPickerProps extends SlotwireOptions {
  /** Address of the proxy; not needed after `configure({ origin })`, or if the page includes the script tag itself. */
  origin?: string;
  onReady?: (event: SlotwireEvents['slotwire:ready']) => void;
  onEventTypeSelected?: (event: SlotwireEvents['slotwire:eventtypeselected']) => void;
  onDateSelected?: (event: SlotwireEvents['slotwire:dateselected']) => void;
  onSlotSelected?: (event: SlotwireEvents['slotwire:slotselected']) => void;
  onBooked?: (event: SlotwireEvents['slotwire:booked']) => void;
  onStale?: (event: SlotwireEvents['slotwire:stale']) => void;
  onError?: (event: SlotwireEvents['slotwire:error']) => void;
  onResize?: (event: SlotwireEvents['slotwire:resize']) => void;
}

/** Options and events are attributes: `<SlotPicker event-type="30min" @booked="..." />`. `element` is exposed. */
export declare const SlotPicker: DefineComponent<SlotPickerProps, { element: SlotPickerElement | undefined }>;
