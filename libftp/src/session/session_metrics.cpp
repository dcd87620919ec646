// Adds up, and writes each metric with its HELP and TYPE lines.
#include <libftp/session/session_metrics.hpp>

#include "event_names.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace libftp {

namespace {

constexpr std::size_t reply_classes = 5; // 1yz to 5yz
constexpr std::size_t kinds = count_of<transfer_kind>();
constexpr std::size_t ends = count_of<transfer_end>();

/// The last but one stands for all that are not here, the last for none.
constexpr std::array<std::string_view, 4> tls_versions{"TLSv1.2", "TLSv1.3", "other", "none"};

std::size_t index_of(const tls_facts* tls) noexcept
{
    const auto others = tls_versions.end() - 2;
    const auto known = tls == nullptr ? tls_versions.end() - 1 : std::find(tls_versions.begin(), others, tls->version);
    return static_cast<std::size_t>(known - tls_versions.begin());
}

template <class Enumeration>
std::size_t index_of(Enumeration event) noexcept
{
    return static_cast<std::size_t>(event);
}

void add(std::atomic<std::uint64_t>& counter, std::uint64_t count = 1) noexcept
{
    counter.fetch_add(count, std::memory_order_relaxed);
}

std::string label(std::string_view name, std::string_view value)
{
    std::string text{name};
    text.append("=\"");
    for (const char c : value) {
        if (c == '\\' || c == '"')
            text.append({'\\', c});
        else if (c == '\n')
            text.append("\\n");
        else
            text.push_back(c);
    }
    text.push_back('"');
    return text;
}

/// One metric after the other, each followed by its samples.
class exposition {
public:
    void metric(std::string_view name, std::string_view type, std::string_view help)
    {
        name_ = name;
        fmt::format_to(std::back_inserter(text_), FMT_COMPILE("# HELP libftp_{0} {1}\n# TYPE libftp_{0} {2}\n"), name,
                       help, type);
    }
    template <class Number>
    void sample(const std::atomic<Number>& value, std::string_view labels = {})
    {
        begin_sample(labels);
        fmt::format_to(std::back_inserter(text_), FMT_COMPILE("{}\n"), value.load(std::memory_order_relaxed));
    }
    void seconds(const std::atomic<std::uint64_t>& nanoseconds, std::string_view labels)
    {
        begin_sample(labels);
        const auto count = nanoseconds.load(std::memory_order_relaxed);
        fmt::format_to(std::back_inserter(text_), FMT_COMPILE("{}.{:09}\n"), count / 1'000'000'000,
                       count % 1'000'000'000);
    }
    /// A sample for each enumerator.
    template <class Enumeration, class Number>
    void samples(const std::vector<std::atomic<Number>>& values, std::string_view label_name)
    {
        for (std::size_t i = 0; i < values.size(); ++i)
            sample(values[i], label(label_name, name_of(static_cast<Enumeration>(i))));
    }
    std::string take() { return std::move(text_); }

private:
    void begin_sample(std::string_view labels)
    {
        text_.append("libftp_").append(name_);
        if (!labels.empty())
            text_.append("{").append(labels).append("}");
        text_.push_back(' ');
    }

    std::string_view name_;
    std::string text_;
};

} // namespace

session_metrics::session_metrics(std::span<const command_row> commands)
    : commands_(commands), moving_(kinds), protected_(tls_versions.size()), closed_(count_of<close_reason>()),
      received_(commands.size() + 1), replied_(reply_classes), transfers_(kinds * ends), bytes_(kinds), time_(kinds),
      changes_(count_of<change_kind>())
{
}

void session_metrics::turned_away(const endpoint& /*peer*/, clock::time_point /*now*/)
{
    add(turned_away_);
}

void session_metrics::proxy_failed(const endpoint& /*proxy*/, std::error_code /*error*/, clock::time_point /*now*/)
{
    add(proxy_failed_);
}

void session_metrics::opened(const session_facts& /*session*/)
{
    add(opened_);
    open_.fetch_add(1, std::memory_order_relaxed);
}

void session_metrics::command_received(const session_facts& /*session*/, std::string_view name,
                                       std::string_view /*argument*/)
{
    const auto* row = find_command(name, commands_);
    add(row != nullptr ? received_[static_cast<std::size_t>(row - commands_.data())] : received_.back());
}

void session_metrics::replied(const session_facts& /*session*/, int code, std::string_view /*text*/)
{
    if (code >= 100 && code < 600)
        add(replied_[static_cast<std::size_t>(code / 100 - 1)]);
}

void session_metrics::logged_in(const session_facts& session)
{
    add(logged_in_);
    add(protected_[index_of(session.tls.get())]);
}

void session_metrics::login_refused(const session_facts& /*session*/, std::string_view /*user*/)
{
    add(login_refused_);
}

void session_metrics::transfer_began(const session_facts& /*session*/, transfer_kind kind, const store_path& /*path*/)
{
    moving_[index_of(kind)].fetch_add(1, std::memory_order_relaxed);
}

void session_metrics::transfer_progressed(const session_facts& /*session*/, transfer_kind kind, std::uint64_t bytes)
{
    add(bytes_[index_of(kind)], bytes);
}

void session_metrics::transfer_ended(const session_facts& /*session*/, const transfer_report& report)
{
    const auto kind = index_of(report.kind);
    add(transfers_[kind * ends + index_of(report.end)]);
    if (report.has_begun)
        moving_[kind].fetch_sub(1, std::memory_order_relaxed);
    add(time_[kind], static_cast<std::uint64_t>(std::max(report.time, clock::duration::zero()).count()));
}

void session_metrics::changed(const session_facts& /*session*/, const change_report& report)
{
    add(changes_[index_of(report.kind)]);
}

void session_metrics::tls_failed(const session_facts& /*session*/, std::error_code /*error*/)
{
    add(tls_failed_);
}

void session_metrics::closed(const session_facts& /*session*/, close_reason reason)
{
    add(closed_[index_of(reason)]);
    open_.fetch_sub(1, std::memory_order_relaxed);
}

std::string session_metrics::to_prometheus() const
{
    exposition out;
    out.metric("sessions", "gauge", "Sessions that are open now.");
    out.sample(open_);
    out.metric("sessions_opened_total", "counter", "Sessions that were opened.");
    out.sample(opened_);
    out.metric("sessions_turned_away_total", "counter", "Connections answered 421 because of a limit on sessions.");
    out.sample(turned_away_);
    out.metric("proxy_failures_total", "counter", "Connections of proxies that were dropped for their PROXY header.");
    out.sample(proxy_failed_);
    out.metric("sessions_closed_total", "counter", "Sessions that ended, by why.");
    out.samples<close_reason>(closed_, "reason");
    out.metric("logins_total", "counter", "Logins, by how they were answered.");
    out.sample(logged_in_, label("result", "accepted"));
    out.sample(login_refused_, label("result", "refused"));
    out.metric("tls_logins_total", "counter", "Logins that were accepted, by the version of TLS.");
    for (std::size_t i = 0; i < tls_versions.size(); ++i)
        out.sample(protected_[i], label("version", tls_versions[i]));
    out.metric("tls_failures_total", "counter", "TLS handshakes that failed, or whose outcome was not accepted.");
    out.sample(tls_failed_);
    out.metric("commands_total", "counter", "Commands received, by verb.");
    for (std::size_t i = 0; i < commands_.size(); ++i)
        out.sample(received_[i], label("verb", commands_[i].text));
    out.sample(received_.back(), label("verb", "other"));
    out.metric("replies_total", "counter", "Replies sent, by the first digit of their code.");
    for (std::size_t i = 0; i < reply_classes; ++i)
        out.sample(replied_[i], label("class", fmt::format("{}xx", i + 1)));
    out.metric("transfers_running", "gauge", "Transfers that run now, by kind.");
    out.samples<transfer_kind>(moving_, "kind");
    out.metric("transfers_total", "counter", "Transfers that ended, by kind and by how.");
    for (std::size_t i = 0; i < transfers_.size(); ++i)
        out.sample(transfers_[i], label("kind", name_of(static_cast<transfer_kind>(i / ends))) + "," +
                                      label("end", name_of(static_cast<transfer_end>(i % ends))));
    out.metric("transfer_bytes_total", "counter", "Bytes over data connections, by kind of transfer.");
    out.samples<transfer_kind>(bytes_, "kind");
    out.metric("transfer_seconds_total", "counter", "Time that transfers took, by kind.");
    for (std::size_t i = 0; i < kinds; ++i)
        out.seconds(time_[i], label("kind", name_of(static_cast<transfer_kind>(i))));
    out.metric("changes_total", "counter", "Changes other than by transfers, by kind.");
    out.samples<change_kind>(changes_, "kind");
    return out.take();
}

} // namespace libftp
