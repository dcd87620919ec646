// Makes sentences of what others have to say.
#pragma once

#include <string>

/// With a full stop behind it, which the messages of some errors have already, and replies of servers.
inline std::string as_sentence(std::string text)
{
    if (!text.ends_with('.'))
        text.push_back('.');
    return text;
}
