import Link from 'next/link';
import Booking from './booking.jsx';

export default function Page() {
  return (
    <main>
      <h1>A site in Next</h1>
      <Booking />
      <Link href="/other">Other</Link>
    </main>
  );
}
