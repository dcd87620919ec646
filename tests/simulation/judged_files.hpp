// The open files of a judged_store: they fail by chance, and see to it that they are used as file_store.hpp says.
#pragma once

#include "judged_store.hpp"

namespace libftp::simulation {

class judged_reader final : public file_reader {
public:
    judged_reader(judged_store& store, std::unique_ptr<file_reader> real)
        : store_(store), tree_(store.tree_), real_(std::move(real))
    {
        ++tree_.open_files;
    }
    judged_reader(const judged_reader&) = delete;
    judged_reader& operator=(const judged_reader&) = delete;
    ~judged_reader() override { --tree_.open_files; }

    result<std::size_t> read(std::span<char> buffer) override
    {
        store_.expect(!buffer.empty(), "a file is read into nothing");
        if (const auto fault = store_.draw_fault())
            return fault;
        // A store need not fill the buffer.
        const auto most = store_.chance_.one_in(3) ? store_.chance_.size_between(1, buffer.size()) : buffer.size();
        return real_->read(buffer.first(most));
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return real_->remaining(); }

private:
    judged_store& store_;
    shared_tree& tree_; ///< It outlives the store, as hosts do that end with files open.
    std::unique_ptr<file_reader> real_;
};

class judged_writer final : public file_writer {
public:
    judged_writer(judged_store& store, const store_path& path, const write_options& options,
                  std::unique_ptr<file_writer> real)
        : store_(store), tree_(store.tree_), real_(std::move(real)), change_{.path = path, .how = options},
          in_place_(options.mode == write_mode::append || options.mode == write_mode::resume),
          node_(store.tree_.model.find(in_place_ ? path : path.parent())->id)
    {
        ++tree_.open_files;
    }
    judged_writer(const judged_writer&) = delete;
    judged_writer& operator=(const judged_writer&) = delete;
    ~judged_writer() override { --tree_.open_files; }

    result<void> write(std::string_view bytes) override
    {
        store_.expect(!is_over_, "a file is written to after its end");
        if (const auto fault = store_.draw_fault())
            return fault;
        change_.content += bytes;
        return real_->write(bytes);
    }

    result<void> commit() override
    {
        store_.expect(!std::exchange(is_over_, true), "a file is committed after its end");
        if (const auto fault = store_.draw_fault())
            return fault;
        auto done = real_->commit();
        auto& model = store_.tree_.model;
        if (!in_place_)
            return store_.judge(std::move(done),
                                model.put(node_, change_.path.name(), change_.content, change_.how.mode), change_);
        const bool has_offset = change_.how.mode == write_mode::resume;
        const auto offset = has_offset ? std::optional{change_.how.offset} : std::nullopt;
        return store_.judge(std::move(done), model.change(node_, offset, change_.content), change_);
    }

    void discard(std::error_code reason) override
    {
        store_.expect(!std::exchange(is_over_, true), "a file is discarded after its end");
        real_->discard(reason);
    }

private:
    judged_store& store_;
    shared_tree& tree_; ///< It outlives the store, as hosts do that end with files open.
    std::unique_ptr<file_writer> real_;
    tree_change change_;
    bool in_place_;
    tree_model::file_id node_; ///< Of the file, or of the directory where it is to appear.
    bool is_over_ = false;
};

} // namespace libftp::simulation
