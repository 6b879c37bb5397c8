#pragma once
// The web files, held in memory: read once at start. Answers do not touch the disk, so no request can name a path on it.
//
//   widget.js, widget.js.br, widget.js.gz     one file in three encodings, chosen by the client's Accept-Encoding
//   widget-3f9a61c2.wasm                      a content hash in the name: cached for a year, never revalidated
//   everything else                           cached for five minutes, then revalidated by ETag
//   demo.html, admin.html                     also /demo and /admin; pages get a Content-Security-Policy
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::http {

struct StaticSettings {
  // Origins besides their own that the pages' Content-Security-Policy allows in frames.
  std::vector<std::string> frame_sources = {"https://calendly.com"};
  std::size_t max_total_bytes = 64 * 1024 * 1024;
};

class StaticFiles {
 public:
  // Reads all regular files below `folder`. Names starting with a dot and links that lead out of the folder are left out. With
  // several folders, the first that has a name wins. Errors: bad_input when a folder cannot be read or holds more than
  // max_total_bytes.
  [[nodiscard]] static Result<StaticFiles> from_folders(const std::vector<std::filesystem::path>& folders,
                                                        StaticSettings settings = {});

  // GET and HEAD; nullopt when there is no such file. Any thread.
  [[nodiscard]] std::optional<Reply> find(const Request& request) const;

  // Bytes of a file as stored, for example to print its hash; null when absent. `name` without a leading slash.
  [[nodiscard]] std::shared_ptr<const std::string> bytes_of(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct File {
    std::string content_type;
    std::string etag;  // of the plain bytes; each encoding adds its own suffix
    bool has_hash_in_name = false;
    bool is_page = false;
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> gzip;    // null: none
    std::shared_ptr<const std::string> brotli;  // null: none
  };
  std::map<std::string, File, std::less<>> files_;
  std::string page_policy_;
};

// "widget-3f9a61c2.wasm": eight or more hex digits between a dash and a dot.
[[nodiscard]] bool has_content_hash(std::string_view name);

}  // namespace slotwire::http
