// Runs a target with every file of its corpus and the beginnings of each, as an ordinary test: replay FOLDER
#include "fuzzing.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fputs("usage: replay FOLDER\n", stderr);
        return EXIT_FAILURE;
    }
    std::size_t runs = 0;
    for (const auto& entry : std::filesystem::directory_iterator{argv[1]}) {
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        // The name is what is known if the program ends in the middle.
        std::fprintf(stderr, "%s\n", entry.path().filename().c_str());
        // Of a short file all beginnings, of a long one so many that it takes no longer.
        const auto step = 1 + text.size() / 300;
        for (std::size_t left_out = 0; left_out <= text.size(); left_out += step, ++runs)
            libftp::fuzz::run(std::string_view{text}.substr(0, text.size() - left_out));
    }
    std::fprintf(stderr, "%zu inputs\n", runs);
    return runs == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
