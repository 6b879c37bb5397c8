// The program's heap: freed memory is overwritten. An incoming token passes through a request's buffer, a JSON value, a header of
// httplib's and a worker's task before it is sealed, and each frees copies that no other code could wipe. Here all of them are
// wiped. Only what stays allocated must be wiped or freed by its owner.
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>

// All other forms of new and delete call these two, except those for over-aligned types, which hold no text.
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
