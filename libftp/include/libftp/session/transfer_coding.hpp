// How file bytes travel over a data connection: representation type, file structure and transfer mode (RFC 959 3.1 to
// 3.5, MODE Z), as readers and writers around those of a store.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>

namespace libftp {

/// TYPE.
enum class representation_type : std::uint8_t { ascii, image };
/// STRU.
enum class file_structure : std::uint8_t { file, record };
/// MODE.
enum class transfer_mode : std::uint8_t { stream, block, compressed, deflate };

/// How the bytes of one transfer travel.
struct transfer_coding {
    representation_type type = representation_type::ascii;
    file_structure structure = file_structure::file;
    transfer_mode mode = transfer_mode::stream;
    int deflate_level = 6; ///< 1 to 9, for sending in MODE Z.
    /// The data connection goes on behind the end of the file: for another (RFC 959 3.3). With MODE B only.
    bool keeps_connection = false;

    /// Whether the bytes travel as they are in the file.
    [[nodiscard]] bool is_plain() const noexcept
    {
        return type == representation_type::image && structure == file_structure::file && mode == transfer_mode::stream;
    }
    friend bool operator==(const transfer_coding&, const transfer_coding&) noexcept = default;
};

/// The bytes of `file` as they travel; `file` itself if the coding is plain, so that its native file stays in reach.
/// `offset` is where in the file it begins: restart markers (MODE B and C) tell places from the file's beginning.
/// With STRU R each line of TYPE A is a record; in TYPE I the file is one record.
std::unique_ptr<file_reader> make_coding_reader(std::unique_ptr<file_reader> file, transfer_coding coding,
                                                std::uint64_t offset);

/// Takes bytes as they travel and writes the file's to `file`; `file` itself if the coding is plain. commit() fails
/// with protocol_errc::transfer_incomplete if the coding has a mark for the end and it did not come, and write() with
/// protocol_errc::transfer_malformed for bytes that the coding cannot have. With STRU R each record becomes a line in
/// TYPE A; in TYPE I records follow each other. Where the connection is kept, bytes behind the end are left alone.
std::unique_ptr<file_writer> make_decoding_writer(std::unique_ptr<file_writer> file, transfer_coding coding,
                                                  std::uint64_t offset);

} // namespace libftp
