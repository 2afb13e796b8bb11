using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Fhir.Tests;

/// <summary>What expressions count and compare, in forms that are evaluated in ways of their own.</summary>
public sealed class A_quick_form
{
    private static string Of(string expression, Element focus) =>
        string.Join("; ", FhirPathExpression.Parse(expression).Value.Evaluate(focus, new FhirPathContext(DateTimeOffset.UnixEpoch)).Value.Items.Select(i => $"{i}"));

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"x","birthDate":"1980","_birthDate":{"id":"b"},"_gender":{"id":"g"},"name":[{"given":["a",null,"c"],"_given":[null,{"id":"2"},{"id":"3"}]}],"multipleBirthBoolean":true}""")]
    [InlineData("""{"resourceType":"Patient","active":true,"_active":{"id":"a"},"name":[{"given":[null,"c"],"_given":[{"id":"1"}],"family":"f","_family":{"id":"f"}}],"deceasedDateTime":"2020","_deceasedDateTime":{"id":"d"}}""")]
    [InlineData("""{"resourceType":"Patient","name":[{"_given":[{"id":"1"},null]}],"_deceasedDateTime":{"id":"d"},"contact":[{}],"unknown":1}""")]
    public void Gives_what_the_general_one_gives(string json)
    {
        var patient = Resource.Parse(Encoding.UTF8.GetBytes(json)).Value.Root;
        // where(true) and what is put together leave the quick ways.
        foreach (var (quick, general) in new[]
        {
            ("children().count()", "children().where(true).count()"),
            ("name.children().count()", "name.children().where(true).count()"),
            ("birthDate.exists()", "birthDate.where(true).exists()"), ("gender.count()", "gender.where(true).count()"),
            ("gender.hasValue()", "gender.where(true).hasValue()"), ("birthDate.hasValue()", "birthDate.where(true).hasValue()"),
            ("deceased.hasValue()", "deceased.where(true).hasValue()"), ("deceased.exists()", "deceased.where(true).exists()"), ("multipleBirth.count()", "multipleBirth.where(true).count()"),
            ("name.given.count()", "name.given.where(true).count()"), ("name.given.empty()", "name.given.where(true).empty()"),
            ("name.exists(family = 'f')", "name.exists(family.where(true) = 'f')"), ("name.where(given = 'c').count()", "name.where(given.where(true) = 'c').count()"),
            ("id.startsWith('x')", "id.startsWith('x' & '')"),
        })
            Assert.Equal((quick, Of(general, patient)), (quick, Of(quick, patient)));
        Assert.Equal(patient.Children().Count().ToString(System.Globalization.CultureInfo.InvariantCulture), Of("children().count()", patient));
    }

    [Theory]
    [InlineData("active and deceased.exists()")]
    [InlineData("gender.exists() = birthDate.exists()")]
    [InlineData("gender = 'male' or {}")]
    [InlineData("(gender != 'male').not()")]
    [InlineData("name.given.count() > 1 implies name.all(given.count() <= 2)")]
    [InlineData("name.exists(family = 'f') xor {}")]
    [InlineData("name.given.not()")]
    [InlineData("birthDate < @1981")]
    [InlineData("name.family")]
    [InlineData("gender in ('male' | 'female')")]
    public void Asked_for_its_truth_says_what_its_values_say(string text)
    {
        var patient = Resource.Parse("""{"resourceType":"Patient","active":true,"gender":"male","birthDate":"1980","name":[{"family":"f","given":["a","b"]}]}"""u8.ToArray()).Value.Root;
        var (expression, context) = (FhirPathExpression.Parse(text).Value, new FhirPathContext(DateTimeOffset.UnixEpoch));
        var asked = expression.Test(patient, context);
        var valued = expression.Evaluate(patient, context);
        // Not is asked of two names: both ways fail alike.
        Assert.Equal(valued.TryGet(out var values, out var fault), asked.TryGet(out var truth, out var same));
        Assert.Equal($"{fault}", $"{same}");
        Assert.Equal(values?.AsBoolean(), truth switch { Truth.True => true, Truth.False => false, _ => null });
    }
}
