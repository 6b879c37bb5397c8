'use client';
import Link from 'next/link';
import { InlineWidget, useCalendlyEventListener } from 'slotwire/react-calendly';

export default function Other() {
  useCalendlyEventListener({ onEventTypeViewed: () => document.body.classList.add('viewed') });
  return (
    <main>
      <h1>The other page</h1>
      <InlineWidget origin="https://slots.example.com" url="https://calendly.com/acme/30min" />
      <Link href="/">Back</Link>
    </main>
  );
}
