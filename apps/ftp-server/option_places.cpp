// Puts file, line and key in front of messages.
#include "option_places.hpp"

namespace {

std::string_view without_dashes(std::string_view option)
{
    return option.starts_with("--") ? option.substr(2) : option;
}

} // namespace

std::string option_places::operator[](std::string_view option) const
{
    const auto found = lines_.find(without_dashes(option));
    if (found == lines_.end())
        return "";
    return file_ + ":" + std::to_string(found->second) + ": " + found->first + ": ";
}

std::string option_places::placed(std::string_view message) const
{
    const auto colon = message.find(": ");
    if (message.starts_with("--") && colon != std::string_view::npos) {
        const auto place = (*this)[message.substr(0, colon)];
        if (!place.empty())
            return place + std::string{message.substr(colon + 2)};
    }
    return std::string{message};
}
