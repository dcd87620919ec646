// A client task that a test writes down as a list of operations.
#pragma once

#include <libftp/session/client_task.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace libftp::testing {

/// Runs its operations in their order, so many at a time, and keeps how each one ended.
class scripted_task final : public client_task {
public:
    using value_type = std::vector<event::operation_done>;

    scripted_task(std::vector<operation::command> commands, std::size_t at_a_time)
        : left_(commands.begin(), commands.end()), ends_(commands.size(), {op_id::none, operation_error{}, {}}),
          at_a_time_(at_a_time)
    {
    }

    std::optional<client_task_step> next_step() override
    {
        if (left_.empty() || running_ == at_a_time_)
            return std::nullopt;
        const auto number = ends_.size() - left_.size();
        ++running_;
        client_step::operate step{std::move(left_.front()), [this, number](event::operation_done end) {
                                      --running_;
                                      ends_[number] = std::move(end);
                                  }};
        left_.pop_front();
        return step;
    }
    void cancel() override
    {
        was_canceled_ = was_canceled_ || !is_done();
        left_.clear();
    }
    [[nodiscard]] bool is_done() const noexcept override { return left_.empty() && running_ == 0; }
    client_result<value_type> take_result()
    {
        if (was_canceled_)
            return operation_error{.code = protocol_errc::canceled};
        return std::move(ends_);
    }

private:
    std::deque<operation::command> left_;
    value_type ends_;
    std::size_t at_a_time_;
    std::size_t running_ = 0;
    bool was_canceled_ = false;
};

} // namespace libftp::testing
