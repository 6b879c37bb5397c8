// A site's code compiled against widget.d.ts: what is allowed, and (each line after an expectation) what is not.

const picker = document.createElement('slot-picker');
picker.eventType = '30min';
picker.eventType = ['sales-30', 'support-30'];
picker.anyOf = 'order';
// @ts-expect-error anyOf is 'fair' or 'order'
picker.anyOf = 'random';
picker.prefill = { name: 'Ada', customAnswers: { a1: 'Yes' } };
// @ts-expect-error there is no such view
picker.view = 'year';

const shown = Slotwire.mount(picker, { theme: 'dark', firstDay: 1, hour12: false, utm: 'utm_source=mail', book: 'event' });
shown.update({ timezone: 'Asia/Tokyo', primaryColor: null });
shown.destroy();
// @ts-expect-error option names are camelCase here
Slotwire.mount(picker, { 'event-type': '30min' });
// @ts-expect-error a widget needs an element
Slotwire.mount('#picker');

Slotwire.badge({ text: 'Meet us', color: '#036', eventType: '30min' }).update({ text: 'Talk to us' });
// @ts-expect-error the popup has no button with a text
Slotwire.popup({ text: 'Meet us' });
Slotwire.messages.nl = { 'book-now': 'Boek nu', results: { one: '{0} treffer', other: '{0} treffers' } };

picker.addEventListener('slotwire:slotselected', ({ detail }) => {
  const start: string = detail.start;
  const isConfirmed: boolean = detail.confirmed ?? false;
  console.log(start, isConfirmed, detail.schedulingUrl.length);
  // @ts-expect-error the event URI exists only after a booking
  console.log(detail.eventUri);
});
addEventListener('slotwire:booked', ({ detail }) => console.log(detail.eventUri, detail.inviteeUri));
addEventListener('slotwire:resize', ({ detail }) => console.log(detail.height.toFixed()));

Calendly.initInlineWidget({ url: 'https://calendly.com/acme/30min', parentElement: picker, utm: { utmSource: 'mail' } });
// @ts-expect-error a badge needs an address
Calendly.initBadgeWidget({ text: 'Schedule' });
