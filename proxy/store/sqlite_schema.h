#pragma once
// The scripts that create SQLite's tables, one per version. Append only, never edit: user_version counts those that have run.
#include <array>

namespace slotwire::store {

inline constexpr std::array kSqliteMigrations = {
    R"(CREATE TABLE connection (
         id INTEGER PRIMARY KEY CHECK (id = 1), mode INTEGER NOT NULL, sealed_token BLOB NOT NULL,
         token_fingerprint TEXT NOT NULL, user_uri TEXT NOT NULL, user_name TEXT NOT NULL,
         organization_uri TEXT NOT NULL, scheduling_url TEXT NOT NULL, connected_by TEXT NOT NULL,
         connected_at_us INTEGER, last_synced_at_us INTEGER, last_validated_at_us INTEGER, longest_window_days INTEGER);
       CREATE TABLE event_type (
         position INTEGER PRIMARY KEY, uri TEXT NOT NULL, name TEXT NOT NULL, slug TEXT NOT NULL,
         duration_min INTEGER NOT NULL, duration_options TEXT NOT NULL, description TEXT NOT NULL, color TEXT NOT NULL,
         kind TEXT NOT NULL, locale TEXT NOT NULL, scheduling_url TEXT NOT NULL, active INTEGER NOT NULL,
         secret INTEGER NOT NULL);
       CREATE TABLE day_cell (
         event_type_uri TEXT NOT NULL, day INTEGER NOT NULL, fetched_at_us INTEGER NOT NULL, slots TEXT NOT NULL,
         PRIMARY KEY (event_type_uri, day)) WITHOUT ROWID;
       CREATE INDEX day_cell_age ON day_cell (fetched_at_us);
       CREATE TABLE audit (
         id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, subject TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
         outcome TEXT NOT NULL, client TEXT NOT NULL, request_id TEXT NOT NULL);)",
    R"(ALTER TABLE connection ADD COLUMN granted_scopes TEXT NOT NULL DEFAULT '';
       ALTER TABLE connection ADD COLUMN missing_scopes TEXT NOT NULL DEFAULT '';)",
    R"(CREATE TABLE change (
         id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, first_day INTEGER NOT NULL, end_day INTEGER NOT NULL,
         at_s INTEGER NOT NULL DEFAULT (CAST(strftime('%s','now') AS INTEGER)));
       ALTER TABLE day_cell ADD COLUMN seen_change INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE event_type ADD COLUMN booking_form TEXT NOT NULL DEFAULT '';
       CREATE TABLE webhook (
         id INTEGER PRIMARY KEY CHECK (id = 1), uri TEXT NOT NULL, callback_url TEXT NOT NULL, sealed_key BLOB NOT NULL,
         created_by TEXT NOT NULL, created_at_us INTEGER NOT NULL);
       CREATE TABLE webhook_delivery (digest TEXT PRIMARY KEY, at_us INTEGER NOT NULL) WITHOUT ROWID;
       CREATE TABLE booking (
         key TEXT PRIMARY KEY, request TEXT NOT NULL, owner TEXT NOT NULL, moved_at_us INTEGER NOT NULL,
         sent_at_us INTEGER, status INTEGER NOT NULL DEFAULT 0, sealed_reply BLOB NOT NULL DEFAULT x'') WITHOUT ROWID;
       CREATE INDEX booking_sent ON booking (sent_at_us);)",
    R"(ALTER TABLE event_type ADD COLUMN host TEXT NOT NULL DEFAULT '';
       ALTER TABLE event_type ADD COLUMN place TEXT NOT NULL DEFAULT '';)",
    R"(ALTER TABLE connection ADD COLUMN left_out TEXT NOT NULL DEFAULT '';
       ALTER TABLE connection ADD COLUMN types_seen_change INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE webhook ADD COLUMN tells_of_types INTEGER NOT NULL DEFAULT 0;
       CREATE TABLE types_lease (id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, until_us INTEGER NOT NULL);
       INSERT INTO types_lease VALUES (1, '', 0);)",
    R"(CREATE TABLE jwt (
         id TEXT PRIMARY KEY, subject TEXT NOT NULL, role TEXT NOT NULL, made_by TEXT NOT NULL, secret_mark TEXT NOT NULL,
         made_at_us INTEGER NOT NULL, expires_at_us INTEGER NOT NULL, last_used_at_us INTEGER, revoked_at_us INTEGER,
         revoked_by TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
       CREATE INDEX jwt_end ON jwt (expires_at_us);)",
    R"(ALTER TABLE connection ADD COLUMN beyond_plan TEXT NOT NULL DEFAULT '';)",
    R"(ALTER TABLE connection ADD COLUMN timezone TEXT NOT NULL DEFAULT '';)",
    R"(CREATE TABLE assistant_type (event_type_uri TEXT PRIMARY KEY) WITHOUT ROWID;)",
};

}  // namespace slotwire::store
