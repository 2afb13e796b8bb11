using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests;

/// <summary>Units as laboratories and devices send them.</summary>
public sealed class A_quantity
{
    [Theory]
    [InlineData(5.5, "mmol/L", 5500, "umol/L")]
    [InlineData(7.2, "10*3/uL", 7.2, "10*9/L")]
    [InlineData(4.5, "10*6/uL", 4.5, "10*12/L")]
    [InlineData(120, "mg/dL", 1.2, "g/L")]
    [InlineData(60, "mL/min/{1.73_m2}", 1, "mL/s")]
    [InlineData(140, "meq/L", 140, "mmol/L")]
    [InlineData(30, "mg/g{creat}", 3, "%")]
    [InlineData(120, "mm[Hg]", 15.99864, "kPa")]
    [InlineData(12, "[in_i]", 1, "[ft_i]")]
    [InlineData(16, "[oz_av]", 1, "[lb_av]")]
    [InlineData(25, "kg/m2", 2.5, "g/cm2")]
    [InlineData(72, "{beats}/min", 1.2, "/s")]
    [InlineData(2, "U/L", 2000, "mU/L")]
    [InlineData(1, "ng/mL", 1, "ug/L")]
    [InlineData(90, "fL", 90, "um3")]
    [InlineData(1, "d", 24, "h")]
    [InlineData(2, "weeks", 14, "d")]
    [InlineData(1.5, "kPa", 1500, "Pa")]
    [InlineData(1, "mmol/(8.h.kg)", 0.125, "mmol/h/kg")]
    public void Is_the_same_in_another_unit(double left, string unit, double right, string other) =>
        Assert.Equal(0, Quantity.Compare(new Quantity((decimal)left, unit), new Quantity((decimal)right, other)));

    [Theory]
    [InlineData("mg/dL", "mmol/L")]
    [InlineData("[iU]/L", "U/L")]
    [InlineData("cm", "kg")]
    [InlineData("month", "d")]
    [InlineData("year", "a")]
    [InlineData("lbs", "[lb_av]")]
    [InlineData("mg/", "mg")]
    [InlineData("0.mg", "mg")]
    [InlineData("(((((((((((((((((((((mg)))))))))))))))))))))", "mg")]
    public void Does_not_compare_with_one_of_another_kind(string unit, string other) =>
        Assert.Null(Quantity.Compare(new Quantity(1, unit), new Quantity(1, other)));

    [Theory]
    [InlineData(98.6, "[degF]", "Cel", 37)]
    [InlineData(310.15, "K", "Cel", 37)]
    [InlineData(154, "[lb_av]", "kg", 69.853)]
    [InlineData(3, "years", "months", 36)]
    public void Can_be_given_in_another_unit(double value, string unit, string wanted, double expected) =>
        Assert.Equal((decimal)expected, Math.Round(new Quantity((decimal)value, unit).In(wanted)!.Value, 3));

    [Fact]
    public void Is_written_as_FHIRPath_reads_it()
    {
        Assert.Equal("5.40 'mg/dL'", new Quantity(5.40m, "mg/dL").ToString());
        Assert.Equal("3 years", new Quantity(3, "years").ToString());
    }
}
