// A site's code compiled against the package's types: what is allowed, and (each line after an expectation) what is not.
import { useRef } from 'react';
import { h } from 'vue';
import { configure, createClient, load, SlotwireError } from 'slotwire';
import { SlotPicker } from 'slotwire/react';
import { InlineWidget, PopupButton, PopupModal, PopupWidget, useCalendlyEventListener } from 'slotwire/react-calendly';
import { SlotPicker as VuePicker } from 'slotwire/vue';

configure({ origin: 'https://slots.example.com' });
load().then((slotwire) => slotwire.popup({ eventType: '30min', onClose() {} }).destroy());

export function App() {
  const picker = useRef<SlotPickerElement>(null);
  useCalendlyEventListener({
    onEventScheduled: (event) => console.log(event.data.payload.event.uri.length),
    // @ts-expect-error the event of a viewed page has no payload
    onEventTypeViewed: (event) => console.log(event.data.payload.event.uri),
  });
  return (
    <>
      <SlotPicker ref={picker} origin="https://slots.example.com" eventType="30min" view="week" className="a" data-x="1" prefill={{ name: 'Ada' }}
        onBooked={({ detail }) => console.log(detail.start.length, detail.eventUri)}>
        <a href="https://calendly.com/acme/30min">Choose a time</a>
      </SlotPicker>
      {/* @ts-expect-error there is no such view */}
      <SlotPicker view="year" />
      {/* @ts-expect-error nor such an event */}
      <SlotPicker onPaid={() => {}} />
      <InlineWidget url="https://calendly.com/acme/30min" styles={{ height: '1000px' }} pageSettings={{ primaryColor: '00a2ff' }} prefill={{ date: new Date() }} />
      <PopupButton url="https://calendly.com/acme/30min" rootElement={document.getElementById('root')!} text="Schedule" />
      <PopupWidget url="https://calendly.com/acme/30min" rootElement={document.getElementById('root')!} text="Schedule" color="#00a2ff" textColor="#ffffff" />
      <PopupModal url="https://calendly.com/acme/30min" open onModalClose={() => {}} rootElement={document.getElementById('root')!} />
      {/* @ts-expect-error a widget needs an address */}
      <InlineWidget />
    </>
  );
}

h(VuePicker, { eventType: '30min', onBooked: ({ detail }) => console.log(detail.start) });
// @ts-expect-error there is no such view
h(VuePicker, { view: 'year' });

const client = createClient('https://slots.example.com');
const { days } = await client.slots('30min', { from: '2026-01-06', to: '2026-01-20', timezone: 'Europe/Berlin' });
try {
  const { cancelUrl } = await client.book({ eventType: '30min', start: days[0].slots[0].start, invitee: { name: 'Ada', email: 'ada@example.com', timezone: 'Europe/Berlin' } });
  console.log(cancelUrl.length);
  // @ts-expect-error an invitee is required
  await client.book({ eventType: '30min', start: '2026-01-06T14:00:00Z' });
} catch (error) {
  if (error instanceof SlotwireError) console.log(error.code, error.field, error.retryAfterS);
}
client.changes((changed) => console.log(changed[0].start))();
