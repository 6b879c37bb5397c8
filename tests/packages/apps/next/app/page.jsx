// A server component: the picker is one for the browser by itself.
import Link from 'next/link';
import { SlotPicker } from 'slotwire/react';

export default function Page() {
  return (
    <main>
      <h1>A site in Next</h1>
      <SlotPicker origin="https://slots.example.com" eventType="30min" book="inline">
        <a href="https://calendly.com/acme/30min">Choose a time</a>
      </SlotPicker>
      <Link href="/other">Other</Link>
    </main>
  );
}
