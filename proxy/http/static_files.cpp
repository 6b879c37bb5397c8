#include "proxy/http/static_files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <system_error>

#include "proxy/http/cors.h"
#include "proxy/http/negotiation.h"
#include "proxy/http/page_policy.h"
#include "shared/percent.h"

namespace slotwire::http {
namespace {

namespace fs = std::filesystem;

std::string_view content_type_of(std::string_view name) {
  struct Row {
    std::string_view ending;
    std::string_view type;
  };
  static constexpr std::array kTypes{
      Row{".html", "text/html; charset=utf-8"},
      Row{".js", "text/javascript; charset=utf-8"},
      Row{".mjs", "text/javascript; charset=utf-8"},
      Row{".wasm", "application/wasm"},
      Row{".css", "text/css; charset=utf-8"},
      Row{".json", "application/json; charset=utf-8"},
      Row{".map", "application/json; charset=utf-8"},
      Row{".svg", "image/svg+xml"},
      Row{".png", "image/png"},
      Row{".jpg", "image/jpeg"},
      Row{".webp", "image/webp"},
      Row{".ico", "image/x-icon"},
      Row{".txt", "text/plain; charset=utf-8"},
      Row{".ts", "text/plain; charset=utf-8"},
      Row{".woff2", "font/woff2"},
  };
  for (const Row& row : kTypes) {
    if (name.ends_with(row.ending)) return row.type;
  }
  return "application/octet-stream";
}

// FNV-1a, twice with different starts: enough for an ETag, which only tells versions of our own files apart.
std::string etag_of(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string tag = "\"";
  for (std::uint64_t hash : {0xcbf29ce484222325ULL, 0x84222325cbf29ce4ULL}) {
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    for (int shift = 60; shift >= 0; shift -= 4) tag += kDigits[(hash >> shift) & 15];
  }
  return tag;
}

std::optional<std::string> bytes_from_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return std::nullopt;
  return bytes;
}

bool is_hidden(const fs::path& relative) {
  return std::any_of(relative.begin(), relative.end(), [](const fs::path& part) { return part.string().starts_with('.'); });
}

}  // namespace

bool has_content_hash(std::string_view name) {
  name = name.substr(name.rfind('/') + 1);
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos) return false;
  const std::size_t dot = name.find('.', dash);
  if (dot == std::string_view::npos || dot - dash - 1 < 8) return false;
  return name.substr(dash + 1, dot - dash - 1).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<StaticFiles> StaticFiles::from_folders(const std::vector<fs::path>& folders, StaticSettings settings) {
  StaticFiles files;
  files.page_policy_ = page_policy(settings.frame_sources, "'none'");
  std::map<std::string, std::shared_ptr<const std::string>, std::less<>> contents;
  std::size_t total = 0;
  for (const fs::path& folder : folders) {
    std::error_code problem;
    const fs::path root = fs::canonical(folder, problem);
    auto entries = fs::recursive_directory_iterator(root, problem);
    if (problem) return bad_input("", "A folder of web files cannot be read.");
    for (; entries != fs::recursive_directory_iterator(); entries.increment(problem)) {
      if (problem) return bad_input("", "A folder of web files cannot be read.");
      const fs::path relative = entries->path().lexically_relative(root);
      std::error_code unreadable;
      if (is_hidden(relative) || !entries->is_regular_file(unreadable)) continue;
      const fs::path real = fs::canonical(entries->path(), unreadable);
      const auto [root_end, rest] = std::mismatch(root.begin(), root.end(), real.begin(), real.end());
      if (unreadable || root_end != root.end()) continue;  // a link that leads out of the folder
      std::string name = relative.generic_string();
      if (contents.contains(name)) continue;
      std::optional<std::string> bytes = bytes_from_file(real);
      if (!bytes) return bad_input("", "The web file " + name + " cannot be read.");
      total += bytes->size();
      if (total > settings.max_total_bytes) return bad_input("", "The web files are larger than what is kept in memory.");
      contents.emplace(std::move(name), std::make_shared<const std::string>(std::move(*bytes)));
    }
  }

  const auto sibling = [&](const std::string& name) -> std::shared_ptr<const std::string> {
    const auto found = contents.find(name);
    return found == contents.end() ? nullptr : found->second;
  };
  for (const auto& [name, bytes] : contents) {
    const bool is_encoded = name.ends_with(".br") || name.ends_with(".gz");
    if (is_encoded && contents.contains(name.substr(0, name.size() - 3))) continue;
    files.files_.emplace(name, File{.content_type = std::string(content_type_of(name)),
                                    .etag = etag_of(*bytes),
                                    .has_hash_in_name = has_content_hash(name),
                                    .is_page = name.ends_with(".html"),
                                    .plain = bytes,
                                    .gzip = sibling(name + ".gz"),
                                    .brotli = sibling(name + ".br")});
  }
  return files;
}

std::optional<Reply> StaticFiles::find(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const std::optional<std::string> path = percent_decoded(request.path);
  if (!path || !path->starts_with('/')) return std::nullopt;
  // Names are looked up in the map, never opened: no file there is named "..", "//" and the like.
  auto found = files_.find(std::string_view(*path).substr(1));
  if (found == files_.end()) found = files_.find(path->substr(1) + ".html");
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;

  std::vector<Encoding> offered;
  if (file.brotli) offered.push_back(Encoding::brotli);
  if (file.gzip) offered.push_back(Encoding::gzip);
  const Encoding encoding = encoding_for(request.headers.find("Accept-Encoding").value_or(""), offered);

  Reply reply;
  reply.body = encoding == Encoding::brotli ? file.brotli : encoding == Encoding::gzip ? file.gzip : file.plain;
  reply.headers.set("Content-Type", file.content_type);
  if (encoding != Encoding::identity) reply.headers.set("Content-Encoding", std::string(name_from_encoding(encoding)));
  // A strong tag identifies exact bytes, so each encoding has its own.
  const std::string etag =
      file.etag + (encoding == Encoding::identity ? "" : "-" + std::string(name_from_encoding(encoding))) + "\"";
  reply.headers.set("ETag", etag);
  reply.headers.set("Cache-Control", file.has_hash_in_name ? "public, max-age=31536000, immutable"
                                     : file.is_page        ? "no-cache"
                                                           : "public, max-age=300, stale-while-revalidate=86400");
  add_vary(reply, "Accept-Encoding");
  if (file.is_page) {
    reply.headers.set("Content-Security-Policy", page_policy_);
    reply.headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
    reply.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  } else {
    // Other sites' pages load the widget's files with integrity attributes, which need CORS.
    reply.headers.set("Access-Control-Allow-Origin", "*");
    reply.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
    reply.headers.set("Timing-Allow-Origin", "*");
  }
  if (has_matching_etag(request.headers.find("If-None-Match").value_or(""), etag)) {
    reply.status = 304;
    reply.body = nullptr;
  }
  // Files do not change while we run. The limit only lets the server drop answers that are no longer requested.
  reply.repeat_until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  return reply;
}

std::shared_ptr<const std::string> StaticFiles::bytes_of(std::string_view name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : found->second.plain;
}

std::vector<std::string> StaticFiles::names() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

}  // namespace slotwire::http
