// The names that servers give the months in many languages, and in the charsets that they had before UTF-8.
#include "civil_time.hpp"
#include "listing_dates.hpp"
#include "listing_words.hpp"

#include <algorithm>
#include <string>

namespace libftp::listing {

namespace {

/// One text for each month, in small letters, UTF-8: English, German, French, Italian, Spanish, Catalan, Portuguese,
/// Dutch, Danish, Norwegian, Swedish, Icelandic, Finnish, Estonian, Latvian, Lithuanian, Polish, Czech, Slovak,
/// Slovenian, Hungarian, Romanian, Turkish, Greek, Russian, Belarusian, Ukrainian, Bulgarian, Macedonian, Serbian,
/// Indonesian. No name stands for two months: languages that would bring such a thing (Croatian and others) are left
/// out. What is escaped are letters of ISO 8859-2, Windows-1250 and ISO 8859-9 that are others in ISO 8859-1.
constexpr std::string_view names[] = {
    // NOLINTBEGIN(bugprone-suspicious-missing-comma): each text is several lines
    " jan january jän januar jänner janv janvier gen gennaio ene enero janeiro januari tammi "
    "tammik sau saus jaan sty led ian oca ιαν янв января січ яну јан сту ",
    " feb february februar fév fev févr fevr février febbraio febrero fbro febr fevereiro "
    "februari vas helmi helmik veebr lut úno şub φεβ фев февр февраля лют феб "
    "\xfe"
    "ub \xde"
    "ub ",
    " mar march mär mrz märz mars mrs marzo mzo març março mrt maart marts maalis maalisk märts "
    "kov bře márc már μαρ μάρ мар март марта бер сак "
    "b\xf8"
    "e ",
    " apr april avr avril aprile abr abril huhti huhtik bal kwi dub ápr nis απρ апр апреля кві "
    "квіт кра ",
    " may mai mag maggio mayo maig maio mei maj maí touko toukok geg kvě máj μάι μαΐ μαι май мая тра "
    "трав maijs мај "
    "kv\xec ",
    " jun june juni juin giu giugno junio juny junho jún kesä kesäk juuni cze čen čvn iun haz ιουν "
    "bir birž ιούν июн июнь июня чер черв юни jūn јун чэр "
    "\xe8"
    "en \xe8vn ",
    " jul july juli jui juil juillet lug luglio julio julho júl heinä heinäk juuli lip čec čvc iul "
    "lie liep tem ιουλ ιούλ июл июль июля лип юли jūl јул ліп "
    "\xe8"
    "ec \xe8vc ",
    " aug august aoû aou août aout ago agosto agto augustus augusti ágú elo elok sie srp avg ağu "
    "ág rgp rugp agu αυγ αύγ авг августа сер серп жні "
    "a\xf0"
    "u ",
    " sep sept september septembre set sett settembre septiembre sbre setembro syys syysk wrz zář "
    "rgs rugs szept sze eyl σεπ сен сент сентября вер сеп септ "
    "z\xe1\xf8 ",
    " oct october okt oktober octobre ott ottobre octubre obre out outubro loka lokak paź paz říj "
    "spa spal eki οκτ окт октября жов жовт кас "
    "\xf8\xedj "
    "pa\xbc "
    "pa\x9f ",
    " nov november novembre noviembre nbre novembro marras marrask lis noi kas νοε νοέ ноя нояб "
    "nóv lap lapkr ноября лис лист ное ноем нов ліс ",
    " dec december dez dezember déc décembre dic dicembre diciembre dbre des dezembro desember "
    "grd gruod joulu jouluk dets gru pro ara δεκ дек декабря гру груд дец сне ",
    // NOLINTEND(bugprone-suspicious-missing-comma)
};

constexpr std::size_t longest_name = 20;

void append_utf8(std::string& out, char32_t letter)
{
    if (letter < 0x80) {
        out.push_back(static_cast<char>(letter));
    } else {
        out.push_back(static_cast<char>(0xc0 | (letter >> 6)));
        out.push_back(static_cast<char>(0x80 | (letter & 0x3f)));
    }
}

/// Of those alphabets that the months are written in.
char32_t to_small_letter(char32_t letter) noexcept
{
    if ((letter >= 'A' && letter <= 'Z') || (letter >= 0xc0 && letter <= 0xde) ||
        (letter >= 0x391 && letter <= 0x3ab) || (letter >= 0x410 && letter <= 0x42f))
        return letter + 0x20;
    if (letter >= 0x400 && letter <= 0x40f)
        return letter + 0x50;
    if (letter >= 0x100 && letter < 0x138)
        return letter | 1;
    if (letter >= 0x139 && letter < 0x148)
        return letter + (letter & 1);
    if (letter >= 0x14a && letter < 0x178)
        return letter | 1;
    switch (letter) {
    case 0x179: return 0x17a; // Ź
    case 0x17b: return 0x17c; // Ż
    case 0x17d: return 0x17e; // Ž
    case 0x386: return 0x3ac; // Ά
    default: return letter;
    }
}

char32_t from_latin(unsigned char byte) noexcept
{
    return byte;
}

char32_t from_greek(unsigned char byte) noexcept
{
    return byte < 0xb4 ? U'?' : byte + 0x2d0U;
}

char32_t from_koi8(unsigned char byte) noexcept
{
    static constexpr std::u32string_view letters = U"юабцдефгхийклмнопярстужвьызшэщчъ";
    if (byte >= 0xc0)
        return letters[byte % 32];
    return byte == 0xa6 || byte == 0xb6 ? U'і' : U'?';
}

char32_t from_windows_1251(unsigned char byte) noexcept
{
    if (byte >= 0xc0)
        return 0x410U + (byte - 0xc0U);
    return byte == 0xb2 || byte == 0xb3 ? U'і' : U'?';
}

char32_t from_ibm_866(unsigned char byte) noexcept
{
    if (byte < 0xb0)
        return 0x410U + (byte - 0x80U);
    return byte >= 0xe0 && byte < 0xf0 ? 0x440U + (byte - 0xe0U) : U'?';
}

char32_t from_iso_8859_5(unsigned char byte) noexcept
{
    if (byte >= 0xb0 && byte < 0xf0)
        return 0x410U + (byte - 0xb0U);
    return byte == 0xa6 || byte == 0xf6 ? U'і' : U'?';
}

std::optional<unsigned> find(std::string_view small_letters)
{
    const auto word = std::string{" "}.append(small_letters).append(" ");
    for (unsigned month = 0; month < std::size(names); ++month) {
        if (names[month].find(word) != npos)
            return month + 1;
    }
    return std::nullopt;
}

/// Letters of two bytes at most, as all of these languages have.
std::string to_small_letters(std::string_view utf8)
{
    std::string small;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead < 0x80) {
            append_utf8(small, to_small_letter(lead));
        } else if (lead >= 0xc2 && lead < 0xe0 && i + 1 < utf8.size()) {
            const auto trail = static_cast<unsigned char>(utf8[++i]);
            append_utf8(small, to_small_letter((char32_t{lead} & 0x1f) << 6 | (trail & 0x3fU)));
        } else {
            small.push_back(utf8[i]);
        }
    }
    return small;
}

std::optional<unsigned> month_of_name(std::string_view word)
{
    if (word.size() < 2 || word.size() > longest_name)
        return std::nullopt;
    // By far the most frequent.
    if (word.size() == 3) {
        const auto* const name = std::find_if(month_names.begin(), month_names.end(), [word](std::string_view known) {
            return ascii::equal_ignoring_case(known, word);
        });
        if (name != month_names.end())
            return static_cast<unsigned>(name - month_names.begin()) + 1;
    }
    if (std::none_of(word.begin(), word.end(), is_high)) {
        return is_all(word, ascii::is_letter) ? find(to_small_letters(word)) : std::nullopt;
    }
    if (std::any_of(word.begin(), word.end(), ascii::is_digit))
        return std::nullopt;
    if (const auto month = find(to_small_letters(word)))
        return month;
    if (const auto month = find(word))
        return month;

    for (const auto decode : {from_latin, from_koi8, from_windows_1251, from_ibm_866, from_iso_8859_5, from_greek}) {
        std::string decoded;
        for (const char byte : word)
            append_utf8(decoded, to_small_letter(is_high(byte) ? decode(static_cast<unsigned char>(byte))
                                                               : static_cast<unsigned char>(byte)));
        if (const auto month = find(decoded))
            return month;
    }
    return std::nullopt;
}

/// Whether the digits are the number of the month, counted from 1 or from 0, or the last digit of that.
bool is_number_of(unsigned month, std::string_view digits)
{
    const auto number = short_number(digits, 2);
    return number && (digits.size() == 1 ? *number == month % 10 || *number == (month - 1) % 10
                                         : *number == month || *number == month - 1);
}

} // namespace

std::optional<unsigned> month_of(std::string_view word)
{
    while (word.ends_with('.') || word.ends_with(','))
        word.remove_suffix(1);
    if (word.empty() || !ascii::is_digit(word.back()))
        return month_of_name(word);
    const auto name = word.substr(0, word.find_last_not_of("0123456789") + 1);
    const auto month = month_of_name(name);
    return month && is_number_of(*month, word.substr(name.size())) ? month : std::nullopt;
}

} // namespace libftp::listing
