// The same picker as people build it today: React, react-day-picker and a list of times.
import { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { DayPicker } from 'react-day-picker';
import 'react-day-picker/style.css';
import './style.css';

const dayMs = 24 * 60 * 60 * 1000;
const utcDay = (ms) => new Date(ms).toISOString().slice(0, 10);
const localDay = (date) => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Picker({ eventType }) {
  const [answer, setAnswer] = useState();
  const [problem, setProblem] = useState('');
  const [day, setDay] = useState();
  const [chosen, setChosen] = useState();
  const [hour12, setHour12] = useState(true);

  useEffect(() => {
    const now = Date.now();
    fetch(`/api/app/calendly/slots/${encodeURIComponent(eventType)}?start_date=${utcDay(now)}&end_date=${utcDay(now + 30 * dayMs)}`)
      .then(async (reply) => {
        const body = await reply.json();
        if (!body.success) throw new Error(body.message);
        setAnswer(body.data);
        if (body.data.slots.length) setDay(new Date(body.data.slots[0].start));
      })
      .catch((error) => setProblem(error.message));
  }, [eventType]);

  const byDay = useMemo(() => {
    const days = new Map();
    for (const slot of answer?.slots ?? []) {
      const key = localDay(new Date(slot.start));
      days.set(key, [...(days.get(key) ?? []), slot]);
    }
    return days;
  }, [answer]);
  const isFree = (date) => byDay.has(localDay(date));
  const clock = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit', hour12 });
  const heading = new Intl.DateTimeFormat('en', { weekday: 'long', month: 'long', day: 'numeric' });
  const times = day ? byDay.get(localDay(day)) ?? [] : [];

  return (
    <section className="picker">
      <header>
        <h2>{answer?.eventTypeName ?? '\u00a0'}</h2>
        <p>{answer ? `${answer.duration} min` : '\u00a0'}</p>
        {problem && <p role="alert">{problem}</p>}
      </header>
      <DayPicker
        mode="single"
        selected={day}
        onSelect={(date) => {
          setDay(date);
          setChosen(undefined);
        }}
        modifiers={{ free: isFree }}
        modifiersClassNames={{ free: 'free' }}
        disabled={(date) => !isFree(date)}
        fixedWeeks
        showOutsideDays={false}
      />
      <div className="times">
        <h3>{day ? heading.format(day) : 'Loading times'}</h3>
        <ul>
          {times.map((slot) => (
            <li key={slot.start}>
              <button
                id={`time:${Date.parse(slot.start)}`}
                type="button"
                aria-pressed={chosen === slot.start}
                onClick={() => setChosen(slot.start)}
              >
                {clock.format(new Date(slot.start))}
              </button>
              {chosen === slot.start && <a href={slot.schedulingUrl} target="_blank" rel="noopener">Book now</a>}
            </li>
          ))}
        </ul>
      </div>
      <footer>
        <span>{zone}</span>
        <span>
          <button type="button" aria-pressed={hour12} onClick={() => setHour12(true)}>12h</button>
          <button type="button" aria-pressed={!hour12} onClick={() => setHour12(false)}>24h</button>
        </span>
      </footer>
    </section>
  );
}

const place = document.getElementById('picker');
createRoot(place).render(<Picker eventType={place.dataset.eventType} />);
