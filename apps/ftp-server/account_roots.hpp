// The directories that accounts see, with what all sessions below one of them share.
#pragma once

#include "options.hpp"

#include <libftp/auth/login_throttle.hpp>
#include <libftp/auth/session_limit.hpp>
#include <libftp/rate_limit.hpp>
#include <libftp/result.hpp>
#include <libftp/store/file_store.hpp>
#include <libftp/store/quota.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

/// Directories that are in use, each with one descriptor however many sessions share it. Any thread may call it.
class open_directories {
public:
    /// What the path leads to now, and who has that open already shares it. Closed with its last user. Errors: the
    /// system's.
    libftp::result<std::shared_ptr<libftp::file_store>> open(const std::string& path, libftp::link_rule links);

private:
    struct opened {
        std::string identity{};
        std::weak_ptr<libftp::file_store> store{};
    };
    std::mutex mutex_;
    std::map<std::pair<std::string, libftp::link_rule>, opened> known_{};
};

/// What has to stay the same when the accounts are read again. Any thread may call it.
class shared_counts {
public:
    /// `store`: the directory at that path. Looks through all of one that was not counted yet.
    libftp::result<std::shared_ptr<libftp::quota>> quota_of(const std::string& path, std::uint64_t max_bytes,
                                                            libftp::file_store& store);
    libftp::rate_limits rates_of(const std::string& user, const account_choices& choices);

    open_directories directories{};

    // Of whoever reads the accounts only; empty before the first time.

    std::shared_ptr<libftp::limited_authenticator::room> seats{};
    std::shared_ptr<libftp::throttled_authenticator::failure_log> failed_logins{};

private:
    struct counted {
        std::uint64_t max_bytes = 0;
        std::shared_ptr<libftp::quota> quota{};
    };
    struct limited {
        std::uint64_t download_rate = 0;
        std::uint64_t upload_rate = 0;
        libftp::rate_limits limits{};
    };
    std::mutex mutex_;
    std::map<std::string, counted> quotas_{}; ///< By what the store says of a directory, or by its path.
    std::map<std::string, limited> rates_{};
};

/// Opens roots for as long as somebody uses them. Any thread may call it.
class account_roots {
public:
    account_roots(const serve_options& options, std::shared_ptr<shared_counts> counts);

    /// `root` may hold {user} and {home}; empty: the one of accounts without their own. Errors: the system's;
    /// std::errc::permission_denied for a user name that is no name of a file, or has no home.
    libftp::result<std::shared_ptr<libftp::file_store>> open_for(const std::string& user,
                                                                 const std::string& root) const;
    /// The directory that everybody sees.
    libftp::result<std::shared_ptr<libftp::file_store>> open_shared() const { return open(directory_); }
    /// Where the files of a user are, for messages.
    libftp::result<std::string> path_for(const std::string& user, const std::string& root) const;

private:
    libftp::result<std::shared_ptr<libftp::file_store>> open(const std::string& path) const;

    const std::string directory_;
    const account_choices choices_;
    const std::shared_ptr<shared_counts> counts_;
};
