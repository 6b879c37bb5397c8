// Old day cells.
#include "proxy/store/sqlite_detail.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {

Result<Done> SqliteStore::save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells,
                                     std::int64_t seen_change) {
  return guarded([&]() -> Result<Done> {
    SQLite::Transaction transaction(*database_);
    SQLite::Statement insert(*database_,
                             "INSERT INTO day_cell VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET "
                             "fetched_at_us=excluded.fetched_at_us, slots=excluded.slots, seen_change=excluded.seen_change "
                             "WHERE excluded.fetched_at_us >= day_cell.fetched_at_us");
    for (const DayCell& cell : cells) {
      insert.bind(1, event_type_uri);
      insert.bind(2, number_from(cell.day));
      insert.bind(3, us_from(cell.fetched_at));
      insert.bind(4, text_from_slots(cell.slots));
      insert.bind(5, seen_change);
      insert.exec();
      insert.reset();
    }
    transaction.commit();
    return Done{};
  });
}

Result<std::vector<StoredCell>> SqliteStore::cells(const std::string& event_type_uri, DayRange days, Instant oldest) {
  return guarded_by(copies_ ? copies_mutex_ : mutex_, [&]() -> Result<std::vector<StoredCell>> {
    SQLite::Statement query(copies_ ? *copies_ : *database_,
                            "SELECT day,fetched_at_us,slots,EXISTS (SELECT 1 FROM change WHERE change.id>seen_change "
                            "AND (kind=? OR (kind=? AND first_day<=day AND end_day>day))) FROM day_cell "
                            "WHERE event_type_uri=? AND day>=? AND day<? AND fetched_at_us>=? ORDER BY day");
    query.bind(1, static_cast<int>(Change::Kind::purge));
    query.bind(2, static_cast<int>(Change::Kind::days));
    query.bind(3, event_type_uri);
    query.bind(4, number_from(days.begin));
    query.bind(5, number_from(days.end));
    query.bind(6, us_from(oldest));
    std::vector<StoredCell> cells;
    while (query.executeStep()) {
      if (auto cell = cell_from(SqliteRow(query))) cells.push_back(std::move(*cell));
    }
    return cells;
  });
}

Result<Done> SqliteStore::drop_cells_older_than(Instant oldest) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement statement(*database_, "DELETE FROM day_cell WHERE fetched_at_us<?");
    statement.bind(1, us_from(oldest));
    statement.exec();
    // A change older than every copy, and than anything a running program can hold, has nothing left to outdate.
    SQLite::Statement changes(*database_, "DELETE FROM change WHERE at_s<MIN(?,CAST(strftime('%s','now') AS INTEGER)-86400)");
    changes.bind(1, us_from(oldest) / 1'000'000);
    changes.exec();
    return Done{};
  });
}

Result<Done> SqliteStore::drop_cells_newer_than(Instant newest) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement statement(*database_, "DELETE FROM day_cell WHERE fetched_at_us>?");
    statement.bind(1, us_from(newest));
    statement.exec();
    return Done{};
  });
}

Result<std::int64_t> SqliteStore::purge_cells() {
  return guarded([&]() -> Result<std::int64_t> {
    SQLite::Transaction transaction(*database_);
    database_->exec("DELETE FROM day_cell");
    const std::int64_t id = log_change(*database_, Change::Kind::purge);
    transaction.commit();
    return id;
  });
}

}  // namespace slotwire::store
