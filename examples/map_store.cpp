// Serves what a program has in memory as files, by a store of its own: map_store PORT
#include <libftp/auth/authenticator.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/single_file.hpp>
#include <libftp/store/store_view.hpp>

#include <iostream>
#include <map>
#include <string>

using namespace libftp;
using named_texts = std::map<std::string, std::string, std::less<>>;

/// One directory of texts. They do not change, so any number of threads may look.
class map_store final : public store_view {
public:
    explicit map_store(named_texts texts) : texts_(std::move(texts)) {}

    [[nodiscard]] bool blocks() const noexcept override { return false; }
    result<file_info> stat(const store_path& path) override
    {
        if (path.is_root())
            return file_info{.type = file_type::directory};
        if (const auto found = texts_.find(path.relative()); found != texts_.end())
            return file_info{.name = found->first, .size = found->second.size()};
        return store_errc::not_found;
    }
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override
    {
        const auto found = texts_.find(path.relative());
        if (found == texts_.end())
            return path.is_root() ? store_errc::is_a_directory : store_errc::not_found;
        if (offset > found->second.size())
            return store_errc::offset_invalid;
        return make_text_reader(found->second.substr(offset));
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override
    {
        if (!path.is_root())
            return texts_.contains(path.relative()) ? store_errc::not_a_directory : store_errc::not_found;
        std::vector<file_info> entries;
        for (const auto& [name, text] : texts_)
            entries.push_back({.name = name, .size = text.size()});
        return make_directory_reader(std::move(entries));
    }

private:
    named_texts texts_;
};

int main(int argc, char** argv)
{
    const named_texts texts{{"state.txt", "All is well.\n"}, {"version.txt", "1\n"}};
    const account guest{.store = std::make_shared<map_store>(texts), .allowed = permissions::full()};
    net::server server{{.authenticator = std::make_shared<anonymous_authenticator>(guest)}};
    const endpoint where{ip_address::loopback_v4(), static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121)};
    std::cout << "Serving on " << server.listen(where).value().to_string() << std::endl;
    server.run();
}
