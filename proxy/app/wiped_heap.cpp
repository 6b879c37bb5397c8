// The program's heap: what is freed is overwritten first. A token that comes in passes through many hands before it is sealed, in
// a request's buffer, a JSON value, a header of httplib's, a task of a worker's, each of which frees copies that nobody could
// wipe from outside; here all of them pass. Only what is kept has to be wiped, or let go, by whoever keeps it.
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>

// All other forms of new and delete end in these two, but for those of over-aligned types, which hold no text.
void* operator new(std::size_t size) {
  for (;;) {
    if (void* const block = std::malloc(size == 0 ? 1 : size)) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  ::explicit_bzero(block, ::malloc_usable_size(block));
  std::free(block);
}

void operator delete(void* block, std::size_t) noexcept { ::operator delete(block); }
