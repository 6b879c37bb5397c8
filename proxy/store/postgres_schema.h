#pragma once
// The scripts that create PostgreSQL's tables, one per version. Append only, never edit: schema_version counts those that have
// run.
#include <array>

namespace slotwire::store {

inline constexpr std::array kPostgresMigrations = {
    R"(CREATE TABLE slotwire.connection (
         id INTEGER PRIMARY KEY CHECK (id = 1), mode INTEGER NOT NULL, sealed_token BYTEA NOT NULL,
         token_fingerprint TEXT NOT NULL, user_uri TEXT NOT NULL, user_name TEXT NOT NULL,
         organization_uri TEXT NOT NULL, scheduling_url TEXT NOT NULL, connected_by TEXT NOT NULL,
         connected_at_us BIGINT, last_synced_at_us BIGINT, last_validated_at_us BIGINT, longest_window_days INTEGER,
         granted_scopes TEXT NOT NULL, missing_scopes TEXT NOT NULL);
       CREATE TABLE slotwire.event_type (
         position INTEGER PRIMARY KEY, uri TEXT NOT NULL, name TEXT NOT NULL, slug TEXT NOT NULL,
         duration_min BIGINT NOT NULL, duration_options TEXT NOT NULL, description TEXT NOT NULL, color TEXT NOT NULL,
         kind TEXT NOT NULL, locale TEXT NOT NULL, scheduling_url TEXT NOT NULL, active BOOLEAN NOT NULL,
         secret BOOLEAN NOT NULL, booking_form TEXT NOT NULL);
       CREATE TABLE slotwire.webhook (
         id INTEGER PRIMARY KEY CHECK (id = 1), uri TEXT NOT NULL, callback_url TEXT NOT NULL, sealed_key BYTEA NOT NULL,
         created_by TEXT NOT NULL, created_at_us BIGINT NOT NULL);
       CREATE TABLE slotwire.change_counter (id INTEGER PRIMARY KEY CHECK (id = 1), last BIGINT NOT NULL);
       INSERT INTO slotwire.change_counter VALUES (1, 0);
       CREATE TABLE slotwire.change (
         id BIGINT PRIMARY KEY, kind INTEGER NOT NULL, first_day INTEGER NOT NULL, end_day INTEGER NOT NULL,
         at_s BIGINT NOT NULL DEFAULT EXTRACT(EPOCH FROM now())::BIGINT);
       CREATE TABLE slotwire.day_cell (
         event_type_uri TEXT NOT NULL, day INTEGER NOT NULL, fetched_at_us BIGINT NOT NULL, slots TEXT NOT NULL,
         seen_change BIGINT NOT NULL, PRIMARY KEY (event_type_uri, day));
       CREATE INDEX day_cell_age ON slotwire.day_cell (fetched_at_us);
       CREATE TABLE slotwire.webhook_delivery (digest TEXT PRIMARY KEY, at_us BIGINT NOT NULL);
       CREATE TABLE slotwire.booking (
         key TEXT PRIMARY KEY, request TEXT NOT NULL, owner TEXT NOT NULL, moved_at_us BIGINT NOT NULL,
         sent_at_us BIGINT, status INTEGER NOT NULL DEFAULT 0, sealed_reply BYTEA NOT NULL DEFAULT '');
       CREATE INDEX booking_sent ON slotwire.booking (sent_at_us);
       CREATE TABLE slotwire.audit (
         id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at_us BIGINT NOT NULL, subject TEXT NOT NULL,
         role TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL, client TEXT NOT NULL, request_id TEXT NOT NULL);)",
    R"(ALTER TABLE slotwire.event_type ADD COLUMN host TEXT NOT NULL DEFAULT '';
       ALTER TABLE slotwire.event_type ADD COLUMN place TEXT NOT NULL DEFAULT '';)",
    R"(ALTER TABLE slotwire.connection ADD COLUMN left_out TEXT NOT NULL DEFAULT '';
       ALTER TABLE slotwire.connection ADD COLUMN types_seen_change BIGINT NOT NULL DEFAULT 0;
       ALTER TABLE slotwire.webhook ADD COLUMN tells_of_types BOOLEAN NOT NULL DEFAULT FALSE;
       CREATE TABLE slotwire.types_lease (id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, until_us BIGINT NOT NULL);
       INSERT INTO slotwire.types_lease VALUES (1, '', 0);)",
    R"(CREATE TABLE slotwire.jwt (
         id TEXT PRIMARY KEY, subject TEXT NOT NULL, role TEXT NOT NULL, made_by TEXT NOT NULL, secret_mark TEXT NOT NULL,
         made_at_us BIGINT NOT NULL, expires_at_us BIGINT NOT NULL, last_used_at_us BIGINT, revoked_at_us BIGINT,
         revoked_by TEXT NOT NULL DEFAULT '');
       CREATE INDEX jwt_end ON slotwire.jwt (expires_at_us);)",
    R"(ALTER TABLE slotwire.connection ADD COLUMN beyond_plan TEXT NOT NULL DEFAULT '';)",
    R"(ALTER TABLE slotwire.connection ADD COLUMN timezone TEXT NOT NULL DEFAULT '';)",
    R"(CREATE TABLE slotwire.assistant_type (event_type_uri TEXT COLLATE "C" PRIMARY KEY);)",
};

}  // namespace slotwire::store
