namespace Personalize.Fhir.Primitives;

/// <summary>Reads the parts of a date or time from text, each with what it must look like.</summary>
internal ref struct TemporalReader(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    public readonly bool AtEnd => _at == _text.Length;

    public bool Take(char expected)
    {
        if (AtEnd || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private bool Digits(int count, out int value)
    {
        value = 0;
        if (_text.Length - _at < count)
            return false;
        for (var end = _at + count; _at < end; _at++)
        {
            if (!char.IsAsciiDigit(_text[_at]))
                return false;
            value = (value * 10) + (_text[_at] - '0');
        }
        return true;
    }

    /// <summary>A year, a month or a day; what is not given is the first one.</summary>
    public bool Date(out DateTime first, out TemporalPrecision precision)
    {
        (first, precision) = (default, TemporalPrecision.Year);
        int month = 1, day = 1;
        if (!Digits(4, out var year) || year == 0)
            return false;
        if (Take('-'))
        {
            precision = TemporalPrecision.Month;
            if (!Digits(2, out month) || month is < 1 or > 12)
                return false;
            if (Take('-'))
            {
                precision = TemporalPrecision.Day;
                if (!Digits(2, out day) || day < 1 || day > DateTime.DaysInMonth(year, month))
                    return false;
            }
        }
        first = new DateTime(year, month, day);
        return true;
    }

    /// <summary>An hour, a minute, a second or a fraction. A leap second counts as the first of the next minute.</summary>
    public bool Time(out TimeSpan time, out TemporalPrecision precision)
    {
        (time, precision) = (default, TemporalPrecision.Hour);
        int minute = 0, second = 0;
        long ticks = 0;
        if (!Digits(2, out var hour) || hour > 23)
            return false;
        if (Take(':'))
        {
            precision = TemporalPrecision.Minute;
            if (!Digits(2, out minute) || minute > 59)
                return false;
            if (Take(':'))
            {
                precision = TemporalPrecision.Second;
                if (!Digits(2, out second) || second > 60 || (Take('.') && !Fraction(out ticks, ref precision)))
                    return false;
            }
        }
        time = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(ticks);
        return true;
    }

    private bool Fraction(out long ticks, ref TemporalPrecision precision)
    {
        ticks = 0;
        precision = TemporalPrecision.Millisecond;
        var start = _at;
        for (var unit = TimeSpan.TicksPerSecond / 10; !AtEnd && char.IsAsciiDigit(_text[_at]); unit /= 10)
            ticks += (_text[_at++] - '0') * unit;
        return _at > start;
    }

    /// <summary><c>Z</c>, <c>+hh:mm</c>, <c>-hh:mm</c>, or nothing.</summary>
    public bool Offset(out TimeSpan? offset)
    {
        offset = null;
        if (Take('Z'))
            offset = TimeSpan.Zero;
        if (offset is not null || AtEnd)
            return true;
        var sign = Take('-') ? -1 : 1;
        if (sign == 1 && !Take('+'))
            return false;
        if (!Digits(2, out var hours) || !Take(':') || !Digits(2, out var minutes) || hours > 14 || minutes > 59)
            return false;
        offset = sign * new TimeSpan(hours, minutes, 0);
        return offset.Value.Duration() <= TimeSpan.FromHours(14);
    }
}
