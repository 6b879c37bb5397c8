import { StrictMode, useEffect, useRef, useState } from 'react';
import { SlotPicker } from 'slotwire/react';

export function App() {
  const [props, change] = useState({ eventType: '30min', book: 'inline' });
  const [isShown, show] = useState(true);
  const picker = useRef(null);
  useEffect(() => {
    Object.assign(window, { change, show, picker });
  });
  return (
    <StrictMode>
      <main>
        <h1>A site in React</h1>
        {isShown && (
          <SlotPicker
            ref={picker}
            origin="https://slots.example.com"
            className="picker"
            style={{ display: 'block' }}
            data-place="main"
            onReady={() => window.appEvents.push(['ready'])}
            onDateSelected={({ detail }) => window.appEvents.push(['dateselected', detail.date])}
            onSlotSelected={({ detail }) => window.appEvents.push(['slotselected', detail.start])}
            onBooked={({ detail }) => window.appEvents.push(['booked', detail.start])}
            onError={({ detail }) => window.appEvents.push(['error', detail.code])}
            {...props}
          >
            <a href="https://calendly.com/acme/30min">Choose a time</a>
          </SlotPicker>
        )}
      </main>
    </StrictMode>
  );
}
