// An outside program that needs no more than libftp::core: says what a path names.
#include <libftp/store/store_path.hpp>

int main()
{
    const auto path = libftp::store_path{}.resolve("a/../b.txt");
    return path && path->string() == "/b.txt" ? 0 : 1;
}
