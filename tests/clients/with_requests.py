"""What a Python program does with Calendly's API:  with_requests.py BASE_URL TOKEN EVENT_TYPE_URI; prints what it got as JSON."""

import json
import sys
from datetime import datetime, timedelta, timezone

import requests

base, token, event_type = sys.argv[1:]
session = requests.Session()
session.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/json"})


def get(path, **parameters):
    answer = session.get(base + path, params=parameters, timeout=30)
    answer.raise_for_status()
    return answer.json()


me = get("/users/me")["resource"]

types = []
page_token = None
while True:
    more = {"page_token": page_token} if page_token else {}
    page = get("/event_types", user=me["uri"], count=7, **more)
    types += [each["uri"] for each in page["collection"]]
    page_token = page["pagination"]["next_page_token"]
    if not page_token:
        break

midnight = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
begin, end = midnight + timedelta(days=1), midnight + timedelta(days=43)
times = get("/event_type_available_times", event_type=event_type, start_time=begin.isoformat(), end_time=end.isoformat())
by_hand = f"{base}/event_type_available_times?event_type={event_type}&start_time={begin:%Y-%m-%dT%H:%M:%SZ}&end_time={end:%Y-%m-%dT%H:%M:%SZ}"
times_by_hand = session.get(by_hand, timeout=30).json()

try:
    get("/scheduled_events", user=me["uri"])
    refused = None
except requests.HTTPError as error:
    refused = {"status": error.response.status_code, "title": error.response.json()["title"]}

head = session.head(base + "/users/me", timeout=30)

print(json.dumps({
    "me": me,
    "types": types,
    "times": times["collection"],
    "times_by_hand": times_by_hand["collection"],
    "refused": refused,
    "head": {"status": head.status_code, "length": len(head.content)},
}))
