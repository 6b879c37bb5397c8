// Old day cells.
#include "proxy/store/postgres_store.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {

Result<Done> PostgresStore::save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells,
                                       std::int64_t seen_change) {
  std::vector<std::string> days, times, slots;
  for (const DayCell& cell : cells) {
    days.push_back(std::to_string(cell.day.time_since_epoch().count()));
    times.push_back(std::to_string(cell.fetched_at.time_since_epoch().count()));
    slots.push_back(text_from_slots(cell.slots));
  }
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    // Ordered by day, so that two servers that save the same days cannot deadlock.
    connection.run(
        "INSERT INTO slotwire.day_cell SELECT $1,day::int,fetched_at::bigint,slots,$5::bigint "
        "FROM unnest($2::text[],$3::text[],$4::text[]) AS given(day,fetched_at,slots) ORDER BY day::int "
        "ON CONFLICT (event_type_uri,day) DO UPDATE SET fetched_at_us=excluded.fetched_at_us, slots=excluded.slots, "
        "seen_change=excluded.seen_change WHERE excluded.fetched_at_us >= day_cell.fetched_at_us",
        {event_type_uri, pg_texts(days), pg_texts(times), pg_texts(slots), pg_value(seen_change)});
    return Done{};
  });
}

Result<std::vector<StoredCell>> PostgresStore::cells(const std::string& event_type_uri, DayRange days, Instant oldest) {
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<StoredCell>> {
    // A request for all days uses dates that do not fit an INTEGER.
    const PgRows rows = connection.run(
        "SELECT day,fetched_at_us,slots,EXISTS (SELECT 1 FROM slotwire.change WHERE change.id>seen_change AND (kind=$6::int "
        "OR (kind=$1::int AND first_day<=day AND end_day>day))) FROM slotwire.day_cell "
        "WHERE event_type_uri=$2 AND day>=$3::bigint AND day<$4::bigint AND fetched_at_us>=$5::bigint ORDER BY day",
        {pg_value(static_cast<std::int64_t>(Change::Kind::days)), event_type_uri, pg_value(days.begin), pg_value(days.end),
         pg_value(oldest), pg_value(static_cast<std::int64_t>(Change::Kind::purge))});
    std::vector<StoredCell> cells;
    for (int row = 0; row < rows.count(); ++row) {
      if (auto cell = cell_from(rows.at(row))) cells.push_back(std::move(*cell));
    }
    return cells;
  });
}

Result<Done> PostgresStore::drop_cells_older_than(Instant oldest) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("DELETE FROM slotwire.day_cell WHERE fetched_at_us<$1", {pg_value(oldest)});
    // A change older than every copy, and than anything a running program can hold, has nothing left to outdate.
    connection.run("DELETE FROM slotwire.change WHERE at_s<LEAST($1,extract(epoch FROM now())::bigint-86400)",
                   {pg_value(oldest.time_since_epoch().count() / 1'000'000)});
    return Done{};
  });
}

Result<Done> PostgresStore::drop_cells_newer_than(Instant newest) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("DELETE FROM slotwire.day_cell WHERE fetched_at_us>$1", {pg_value(newest)});
    return Done{};
  });
}

Result<std::int64_t> PostgresStore::purge_cells() {
  return pool_.writing([](PgConnection& connection) -> Result<std::int64_t> {
    const std::int64_t id = log_change(connection, Change::Kind::purge);
    connection.run("DELETE FROM slotwire.day_cell");
    return id;
  });
}

}  // namespace slotwire::store
