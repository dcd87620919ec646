// The line editor is libedit's, which reads ~/.editrc too; Tab is this program's.
#include "line_editor.hpp"

#include "completer.hpp"
#include "history_file.hpp"
#include "listing_display.hpp"
#include "user_files.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <vector>

#include <histedit.h>
#include <unistd.h>

using terminal::input_line;
using terminal::no_line;

namespace {

constexpr std::size_t most_shown = 200;

/// What terminals send for keys that libedit leaves alone.
constexpr std::array<std::array<const char*, 2>, 9> more_keys{{{"\\e[3~", "ed-delete-next-char"},
                                                               {"\\e[1~", "ed-move-to-beg"},
                                                               {"\\e[4~", "ed-move-to-end"},
                                                               {"\\e[H", "ed-move-to-beg"},
                                                               {"\\e[F", "ed-move-to-end"},
                                                               {"\\e[1;5D", "ed-prev-word"},
                                                               {"\\e[1;5C", "em-next-word"},
                                                               {"^R", "em-inc-search-prev"},
                                                               {"^W", "ed-delete-prev-word"}}};

/// Letters of more than one byte are moved over as one, as far as the locale knows them.
void know_letters()
{
    if (std::setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1)
        std::setlocale(LC_CTYPE, "C.UTF-8");
}

/// libedit takes nothing for a prompt that is no text to it, as names in another character set may not be.
std::string decodable(std::string prompt)
{
    if (std::mbstowcs(nullptr, prompt.c_str(), 0) == static_cast<std::size_t>(-1))
        std::ranges::replace_if(
            prompt, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; }, '?');
    return prompt;
}

void show_candidates(std::span<const candidate> candidates)
{
    std::vector<std::string> names;
    for (const auto& each : candidates.first(std::min(candidates.size(), most_shown))) {
        const auto name = std::string_view{each.text}.substr(directory_part(each.text).size());
        names.push_back(libftp::escape_controls(name) + (each.is_directory ? "/" : ""));
    }
    terminal::say("");
    for (const auto& line : in_columns(names, names, terminal::output_width().value_or(80)))
        terminal::say(line);
    if (candidates.size() > most_shown)
        terminal::say(fmt::format("... and {} more.", candidates.size() - most_shown));
    std::fflush(stdout);
}

} // namespace

struct line_editor::state {
    explicit state(session& s)
        : names(s), file(state_file("history")), past(history_init()),
          edit(el_init("ftp-client", stdin, stdout, stderr))
    {
        HistEvent event{};
        history(past, &event, H_SETSIZE, static_cast<int>(history_file::most_lines));
        history(past, &event, H_SETUNIQUE, 1);
        for (const auto& line : file.load())
            history(past, &event, H_ENTER, line.c_str());

        el_set(edit, EL_CLIENTDATA, this);
        el_set(edit, EL_PROMPT, prompt_of_editor);
        el_set(edit, EL_GETCFN, read_letter);
        el_set(edit, EL_HIST, history, past);
        el_set(edit, EL_EDITOR, "emacs");
        el_set(edit, EL_ADDFN, "ftp-complete", "Completes a command or a name", complete);
        el_set(edit, EL_BIND, "^I", "ftp-complete", nullptr);
        for (const auto& [key, command] : more_keys)
            el_set(edit, EL_BIND, key, command, nullptr);
        el_source(edit, nullptr);
    }
    ~state()
    {
        el_end(edit);
        history_end(past);
    }
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    static state& of(EditLine* edit)
    {
        void* data = nullptr;
        el_get(edit, EL_CLIENTDATA, &data);
        return *static_cast<state*>(data);
    }

    static char* prompt_of_editor(EditLine* edit) { return of(edit).prompt.data(); }

    /// 1: there is a letter, 0: the input has ended, -1: no line comes about.
    static int read_letter(EditLine* edit, wchar_t* letter)
    {
        std::mbstate_t so_far{};
        while (true) {
            const auto byte = terminal::read_byte([edit] { draw_again(edit); });
            if (!byte) {
                of(edit).ended_by = byte.error();
                if (byte.error() == no_line::interrupted)
                    std::fputs("^C", stdout);
                return byte.error() == no_line::end_of_input ? 0 : -1;
            }
            const auto used = std::mbrtowc(letter, &*byte, 1, &so_far);
            if (used == static_cast<std::size_t>(-1))
                so_far = {}; // what is no letter cannot be edited
            else if (used != static_cast<std::size_t>(-2))
                return 1;
        }
    }

    static void draw_again(EditLine* edit)
    {
        el_resize(edit);
        el_set(edit, EL_PREP_TERM, 0);
        el_set(edit, EL_PREP_TERM, 1);
        el_set(edit, EL_REFRESH);
    }

    static unsigned char complete(EditLine* edit, int /*key*/)
    {
        const auto* line = el_line(edit);
        const std::string_view before{line->buffer, static_cast<std::size_t>(line->cursor - line->buffer)};
        const auto found = of(edit).names.complete(before);
        if (!found.to_insert.empty())
            return el_insertstr(edit, found.to_insert.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
        if (found.candidates.size() < 2)
            return CC_REFRESH_BEEP;
        show_candidates(found.candidates);
        return CC_REDISPLAY;
    }

    completer names;
    history_file file;
    History* past;
    EditLine* edit;
    std::string prompt{};
    no_line ended_by = no_line::end_of_input;
};

line_editor::line_editor(session& s)
{
    know_letters();
    state_ = std::make_unique<state>(s);
}

line_editor::~line_editor() = default;

input_line line_editor::read(const std::string& prompt)
{
    const terminal::changed_settings changed;
    const terminal::interruptible_input interruptible;
    state_->prompt = decodable(prompt);
    state_->ended_by = no_line::end_of_input;
    std::fflush(stdout);
    el_resize(state_->edit);
    el_set(state_->edit, EL_PREP_TERM, 1); // before the prompt shows, so that nothing is echoed twice
    int size = 0;
    const char* text = el_gets(state_->edit, &size);
    if (text == nullptr || size <= 0) {
        terminal::say("");
        return state_->ended_by;
    }
    std::string line{text, static_cast<std::size_t>(size)};
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.pop_back();
    return line;
}

void line_editor::remember(std::string_view line)
{
    HistEvent event{};
    const bool is_same = history(state_->past, &event, H_FIRST) == 0 && event.str == line;
    history(state_->past, &event, H_ENTER, std::string{line}.c_str());
    if (!is_same)
        state_->file.append(line);
}
