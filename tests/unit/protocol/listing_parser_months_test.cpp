// The names of months in many languages and charsets.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;

namespace {

/// The month in a line, 0 if it is not read.
unsigned month_in(std::string_view name)
{
    const auto parsed = parse_listing("-rw-r--r-- 1 a b 1 20 " + std::string{name} + " 2023 x\n", context_at());
    if (parsed.entries.empty() || !parsed.entries[0].modified)
        return 0;
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(*parsed.entries[0].modified)};
    return static_cast<unsigned>(date.month());
}

void check_year(std::string_view names)
{
    unsigned month = 1;
    while (!names.empty()) {
        const auto name = names.substr(0, names.find(' '));
        names.remove_prefix(std::min(name.size() + 1, names.size()));
        CAPTURE(name);
        CHECK(month_in(name) == month);
        ++month;
    }
    CHECK(month == 13);
}

} // namespace

TEST_CASE("The months of a year are known in many languages")
{
    for (const std::string_view names : {
             "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
             "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
             "January February March April May June July August September October November December",
             "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
             "Jän Feb Mrz Apr Mai Juni Juli Aug Sept Okt Nov Dez",
             "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.",
             "gen feb mar apr mag giu lug ago set ott nov dic",
             "ene feb mar abr may jun jul ago sep oct nov dic",
             "Jan Fev Mar Abr Mai Jun Jul Ago Set Out Nov Dez",
             "jan feb mrt apr mei jun jul aug sep okt nov dec",
             "jan feb mar apr maj jun jul aug sep okt nov dec",
             "jan. feb. mars april mai juni juli aug. sep. okt. nov. des.",
             "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
             "sty lut mar kwi maj cze lip sie wrz paź lis gru",
             "led úno bře dub kvě čen čec srp zář říj lis pro",
             "jan febr márc ápr máj jún júl aug szept okt nov dec",
             "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
             "Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
             "янв фев мар апр май июн июл авг сен окт ноя дек",
             "ЯНВ ФЕВ МАР АПР МАЯ ИЮН ИЮЛ АВГ СЕНТ ОКТ НОЯБ ДЕК",
             "січ лют бер кві тра чер лип сер вер жов лис гру",
             "яну фев мар апр май юни юли авг сеп окт ное дек",
             "ian feb mar apr mai iun iul aug sep oct noi dec",
             "sau vas kov bal geg bir lie rgp rgs spa lap grd",
             "jan feb mar apr maí jún júl ág sep okt nóv des",
             "saus. vas. kov. bal. geg. birž. liep. rugp. rugs. spal. lapkr. gruod.",
             "janv. febr. marts apr. maijs jūn. jūl. aug. sept. okt. nov. dec.",
             "led úno bře dub kvě čvn čvc srp zář říj lis pro",
             "янв. февр. март апр. май июнь июль авг. сент. окт. нояб. дек.",
             "січ. лют. бер. квіт. трав. черв. лип. серп. вер. жовт. лист. груд.",
             "сту лют сак кра май чэр ліп жні вер кас ліс сне",
             "яну фев март апр май юни юли авг септ окт ноем дек",
             "Јан Феб Мар Апр Мај Јун Јул Авг Сеп Окт Нов Дец",
             "јан. фев. мар. апр. мај јун. јул. авг. сеп. окт. ное. дек.",
             "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des",
         })
        check_year(names);
}

TEST_CASE("The months of a year are known in charsets of old")
{
    for (const std::string_view names : {
             // KOI8-R, Windows-1251, IBM 866 and ISO 8859-5
             "\xd1\xce\xd7 \xc6\xc5\xd7 \xcd\xc1\xd2 \xc1\xd0\xd2 \xcd\xc1\xca \xc9\xc0\xce \xc9\xc0\xcc \xc1\xd7\xc7 "
             "\xd3\xc5\xce \xcf\xcb\xd4 \xce\xcf\xd1 \xc4\xc5\xcb",
             "\xff\xed\xe2 \xf4\xe5\xe2 \xec\xe0\xf0 \xe0\xef\xf0 \xec\xe0\xe9 \xe8\xfe\xed \xe8\xfe\xeb \xe0\xe2\xe3 "
             "\xf1\xe5\xed \xee\xea\xf2 \xed\xee\xff \xe4\xe5\xea",
             "\xef\xad\xa2 \xe4\xa5\xa2 \xac\xa0\xe0 \xa0\xaf\xe0 \xac\xa0\xa9 \xa8\xee\xad \xa8\xee\xab \xa0\xa2\xa3 "
             "\xe1\xa5\xad \xae\xaa\xe2 \xad\xae\xef \xa4\xa5\xaa",
             "\xef\xdd\xd2 \xe4\xd5\xd2 \xdc\xd0\xe0 \xd0\xdf\xe0 \xdc\xd0\xd9 \xd8\xee\xdd \xd8\xee\xdb \xd0\xd2\xd3 "
             "\xe1\xd5\xdd \xde\xda\xe2 \xdd\xde\xef \xd4\xd5\xda",
             // Ukrainian in KOI8-U and Windows-1251
             "\xd3\xa6\xde \xcc\xc0\xd4 \xc2\xc5\xd2 \xcb\xd7\xa6 \xd4\xd2\xc1 \xde\xc5\xd2 \xcc\xc9\xd0 \xd3\xc5\xd2 "
             "\xd7\xc5\xd2 \xd6\xcf\xd7 \xcc\xc9\xd3 \xc7\xd2\xd5",
             "\xf1\xb3\xf7 \xeb\xfe\xf2 \xe1\xe5\xf0 \xea\xe2\xb3 \xf2\xf0\xe0 \xf7\xe5\xf0 \xeb\xe8\xef \xf1\xe5\xf0 "
             "\xe2\xe5\xf0 \xe6\xee\xe2 \xeb\xe8\xf1 \xe3\xf0\xf3",
             // ISO 8859-1, 8859-2 and 8859-9
             "jan feb mar apr ma\xed j\xfan j\xfal \xe1g sep okt n\xf3v des",
             "janv f\xe9v m\xe4r avr mai jun jul ao\xfbt sep okt nov d\xe9"
             "c",
             "led \xfano b\xf8"
             "e dub kv\xec \xe8"
             "en \xe8"
             "ec srp z\xe1\xf8 \xf8\xedj lis pro",
             "led \xfano b\xf8"
             "e dub kv\xec \xe8vn \xe8vc srp z\xe1\xf8 \xf8\xedj lis pro",
             "Oca \xdeub Mar Nis May Haz Tem A\xf0u Eyl Eki Kas Ara",
         })
        check_year(names);
}

TEST_CASE("The number of a month may stand behind its name, counted from 1 or from 0, or the last digit of it")
{
    for (const std::string_view names : {
             "jan1 feb2 mar3 apr4 may5 jun6 jul7 aug8 sep9 oct10 nov11 dec12",
             "jan01 feb02 mar03 apr04 may05 jun06 jul07 aug08 sep09 oct0 nov1 dec2",
             "jan0 feb1 mar2 apr3 may4 jun5 jul6 aug7 sep8 oct9 nov0 dec1",
             "jan00 feb01 mär02 avr03 mei04 juin05 ιουλ06 авг07 wrz08 říj09 nóv10 des11",
         })
        check_year(names);
    for (const std::string_view name : {"jan2", "jan9", "jan001", "oct1", "oct8", "oct11", "nov2", "dec0", "dec3",
                                        "dec10", "dec13", "dec012", "01jan", "1", "12"})
        CHECK(month_in(name) == 0);
}

TEST_CASE("What is no name of a month is none")
{
    for (const std::string_view name : {"ja", "jam", "nove", "xyz", "é", "\xff\xff\xff", "\xd1\xce", "jan2", "j\xc3",
                                        "1\xe9v", "januaryjanuaryjanuaryjanuary", "-", "mar/", "\xe2\x82\xac"})
        CHECK(month_in(name) == 0);
}
