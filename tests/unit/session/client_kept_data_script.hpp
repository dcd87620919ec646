// Small files that go over one data connection, as far as several tests have it in common.
#pragma once

#include "client_script.hpp"
#include "client_transfer_script.hpp"

#include <string>

namespace libftp::testing {

inline const endpoint passive_end{script_server.address, script_passive_port};
inline const std::string features_of_ours = "211-Features:\r\n MODE B KEEP\r\n211 End\r\n";
inline const std::string asks_to_keep = "OPTS MODE B KEEP\r\nMODE B\r\n";
inline const std::string keeps = "200 kept\r\n200 blocks\r\n";
inline const std::string address = "229 (|||50004|)\r\n";
inline const std::string mark_of_end{"\100\0\0", 3};

/// One block, and the end behind it.
inline std::string in_blocks(const std::string& content)
{
    return std::string{"\0\0", 2} + static_cast<char>(content.size()) + content + mark_of_end;
}

inline client_script_setup orderly()
{
    client_script_setup setup;
    setup.options.keeps_data_connections = true;
    setup.options.quirks = {
        {.where = server_words::greeting, .pattern = "*known*", .effects = server_effect::keeps_order}};
    return setup;
}

inline client_script& small_download(client_script& s, const std::string& path, std::uint64_t size = 3)
{
    return s.check([=](client_script_host& h) {
        auto file = std::make_shared<written_file>();
        h.start(
            operation::download{.path = path, .sink = std::make_unique<recorded_writer>(file), .expected_size = size},
            file);
    });
}

/// A directory of a tree, in which there are more.
inline client_script& many_listed(client_script& s, const std::string& path)
{
    return s.start([path] { return operation::list{.path = path, .is_one_of_many = true}; });
}

/// EPSV is known to work, and that data connections can be kept.
inline client_script& greets(client_script& s, const std::string& features = features_of_ours)
{
    s.greeting()
        .receives("220 A known server\r\n")
        .succeeds()
        .features()
        .sends("FEAT\r\n")
        .receives(features)
        .succeeds();
    s.download("v").sends("TYPE I\r\nEPSV\r\n").receives("200 image\r\n" + address).connects_to(passive_end);
    s.data_connected().sends("RETR v\r\n").receives("150 go\r\n").begins_to_receive().data_ends();
    return s.receives("226 done\r\n").commits().succeeds();
}

/// The first of many transfers, which does not know that more will come.
inline client_script& begins_first(client_script& s, const std::string& features = features_of_ours)
{
    return greets(s, features).download("w").sends("EPSV\r\nRETR w\r\n");
}

inline client_script& connects(client_script& s)
{
    return s.connects_to(passive_end).data_connected();
}

inline client_script& ends_first(client_script& s)
{
    connects(s.receives(address + "150 go\r\n")).begins_to_receive().gets("abc").data_ends();
    return s.receives("226 done\r\n").commits().succeeds();
}

/// The file that is on its way comes, and the connection stays.
inline client_script& comes(client_script& s, const std::string& content, const std::string& replies = "250 done\r\n")
{
    s.begins_to_receive().gets(in_blocks(content)).data_ends().receives(replies).commits();
    return s.succeeds();
}

/// The file that is on its way comes over a connection of its own.
inline client_script& comes_alone(client_script& s, const std::string& path, const std::string& content)
{
    connects(s.sends("EPSV\r\n").receives(address)).sends("RETR " + path + "\r\n").receives("150 go\r\n");
    s.begins_to_receive().gets(content).data_ends().receives("226 done\r\n").commits();
    return s.succeeds();
}

/// What has become of the download that was started as number `index`.
inline client_script& has_come(client_script& s, std::size_t index, const std::string& content)
{
    return s.check([=](client_script_host& h) {
        CHECK(h.started_.at(index).file->bytes == content);
        CHECK(h.transferred(index).bytes == content.size());
    });
}

/// One small file has come over a connection that is kept now.
inline client_script& keeps_one(client_script& s)
{
    begins_first(s);
    ends_first(small_download(s, "x").sends(asks_to_keep + "EPSV\r\nRETR x\r\n"));
    s.receives(keeps + address + "150 go\r\n");
    return comes(connects(s), "abc");
}

} // namespace libftp::testing
