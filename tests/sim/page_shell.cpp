#include "tests/sim/page_shell.h"

namespace slotwire::sim {
namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #5b6573; --line: #dfe3e8; --paper: #fff; --accent: #0060e6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f2f4f7; --soft: #a4adba; --line: #3a414c; --paper: #1b1e24; --accent: #6ea8ff; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 24px 16px; background: var(--paper); color: var(--ink);
       font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 520px; margin: 0 auto; padding: 24px; border: 1px solid var(--line); border-radius: 12px; }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0 0 16px; color: var(--soft); }
p.when { color: var(--ink); font-weight: 600; }
ul { list-style: none; margin: 16px 0 0; padding: 0; display: grid; gap: 8px; }
a { color: var(--accent); }
li a { display: block; padding: 12px 16px; border: 1px solid var(--line); border-radius: 8px; text-decoration: none; }
li a:hover { border-color: var(--accent); }
label { display: block; margin: 0 0 16px; font-weight: 600; }
input, textarea { display: block; width: 100%; min-height: 44px; margin-top: 4px; padding: 8px 12px; font: inherit;
        font-weight: 400; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; }
button { min-height: 44px; padding: 0 24px; font: inherit; font-weight: 600; color: var(--paper);
         background: var(--accent); border: 0; border-radius: 22px; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role=status] { margin: 16px 0 0; color: var(--ink); }
)css";

constexpr std::string_view kScript = R"js(
const asked = new URLSearchParams(location.search);
const embedded = window.parent !== window && asked.get('embed_domain') &&
    ['Inline', 'PopupWidget'].includes(asked.get('embed_type'));
const tell = (event, payload = {}) => { if (embedded) window.parent.postMessage({ event, payload }, '*'); };
const tellHeight = () => tell('calendly.page_height', { height: document.documentElement.scrollHeight + 'px' });
tell(document.body.dataset.viewed);
tellHeight();
new ResizeObserver(tellHeight).observe(document.body);

for (const time of document.querySelectorAll('time')) {
  const form = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit',
                 timeZoneName: 'short' };
  const zone = asked.get('timezone');
  try {
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, zone ? { ...form, timeZone: zone } : form);
  } catch { time.textContent = new Date(time.dateTime).toLocaleString(undefined, form); }
}
for (const link of document.querySelectorAll('a[data-time]')) {
  const target = new URL(link.href);
  for (const [key, value] of asked) if (!target.searchParams.has(key)) target.searchParams.set(key, value);
  link.href = target;
}

const form = document.querySelector('form');
const status = document.querySelector('[role=status]');
if (form && form.dataset.action === 'book') {
  const whole = asked.get('name') || [asked.get('first_name'), asked.get('last_name')].filter(Boolean).join(' ');
  if (whole) form.elements.name.value = whole;
  if (asked.get('email')) form.elements.email.value = asked.get('email');
  for (const field of form.querySelectorAll('[data-question]')) {
    field.value = asked.get('a' + field.dataset.question) || '';
  }
  tell('calendly.date_and_time_selected');
}
form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  const zone = asked.get('timezone') || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const answers = [...form.querySelectorAll('[data-question]')].filter((field) => field.value)
      .map((field) => ({ question: field.name, answer: field.value, position: Number(field.dataset.question) - 1 }));
  const sent = form.dataset.action === 'book'
      ? { event_type: form.dataset.type, start_time: form.dataset.start, link: form.dataset.link, name: form.elements.name.value,
          email: form.elements.email.value, timezone: zone, answers }
      : { invitee: form.dataset.invitee };
  const reply = await fetch('/__pages/' + form.dataset.action, { method: 'POST', body: JSON.stringify(sent),
                                                                 headers: { 'Content-Type': 'application/json' } });
  const told = await reply.json();
  if (!reply.ok) {
    status.textContent = told.message;
    button.disabled = false;
    return;
  }
  form.hidden = true;
  status.textContent = form.dataset.action === 'book' ? 'You are scheduled.' : 'The event is canceled.';
  if (form.dataset.action === 'book') {
    tell('calendly.event_scheduled', { event: { uri: told.event }, invitee: { uri: told.invitee } });
  }
});
)js";

}  // namespace

std::string escaped_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

std::string page_from(std::string_view title, std::string_view body, std::string_view viewed) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n<title>";
  page += escaped_html(title);
  page += "</title>\n<style>";
  page += kStyle;
  page += "</style>\n</head>\n<body data-viewed=\"";
  page += escaped_html(viewed);
  page += "\">\n<main>\n";
  page += body;
  page += "\n<p role=\"status\"></p>\n</main>\n<script>";
  page += kScript;
  page += "</script>\n</body>\n</html>\n";
  return page;
}

}  // namespace slotwire::sim
