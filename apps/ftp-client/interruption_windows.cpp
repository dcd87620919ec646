// Windows calls a console's handler on a thread of its own.
#include "interruption.hpp"

#include <windows.h>

namespace {

void (*act_before_end)() = nullptr;

} // namespace

void interruption::set_up(void (*last_act)())
{
    act_before_end = last_act;
    SetConsoleCtrlHandler(
        [](DWORD event) -> BOOL {
            if (event != CTRL_C_EVENT) { // Ctrl+Break, or the window closes: the system ends the program
                act_before_end();
                return FALSE;
            }
            stop_all(act_before_end);
            return TRUE;
        },
        TRUE);
}
