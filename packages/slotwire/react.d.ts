/// <reference path="./widget.d.ts" />
import type { CSSProperties, ForwardRefExoticComponent, ReactNode, RefAttributes } from 'react';

export { configure, load } from './index.js';

export interface SlotPickerProps extends SlotwireOptions {
  /** Address of the proxy; not needed after `configure({ origin })`, or if the page includes the script tag itself. */
  origin?: string;
  /** Shown to visitors without scripts, and if widget.js cannot be loaded. */
  children?: ReactNode;
  id?: string;
  className?: string;
  style?: CSSProperties;
  [attribute: `data-${string}` | `aria-${string}`]: unknown;
  onReady?: (event: SlotwireEvents['slotwire:ready']) => void;
  onEventTypeSelected?: (event: SlotwireEvents['slotwire:eventtypeselected']) => void;
  onDateSelected?: (event: SlotwireEvents['slotwire:dateselected']) => void;
  onSlotSelected?: (event: SlotwireEvents['slotwire:slotselected']) => void;
  onBooked?: (event: SlotwireEvents['slotwire:booked']) => void;
  onStale?: (event: SlotwireEvents['slotwire:stale']) => void;
  onError?: (event: SlotwireEvents['slotwire:error']) => void;
  onResize?: (event: SlotwireEvents['slotwire:resize']) => void;
}

export declare const SlotPicker: ForwardRefExoticComponent<SlotPickerProps & RefAttributes<SlotPickerElement>>;
