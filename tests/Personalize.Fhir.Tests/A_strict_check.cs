using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Tests;

/// <summary>An expression is checked against the type of its focus before it runs.</summary>
public sealed class A_strict_check
{
    private static readonly FhirType _patient = FhirSchema.R4.Type("Patient")!;

    [Theory]
    [InlineData("Patient.name.givn", 14)]
    [InlineData("name.where(famly = 'x')", 12)]
    [InlineData("name.where(use = 'official').given.first().lenth()", 44)]
    [InlineData("Encounter.name.given", 1)]
    [InlineData("deceasedBoolean", 1)]
    [InlineData("contact.name.exists(given.startsWith(1))", 38)]
    [InlineData("identifier.startsWith('rand')", 12)]
    [InlineData("children().first()", 12)]
    [InlineData("descendants()[0]", 14)]
    [InlineData("descendants().where(true).skip(1)", 27)]
    [InlineData("birthDate + 1", 11)]
    [InlineData("birthDate > 1", 11)]
    [InlineData("name.given * 2", 12)]
    [InlineData("-gender", 1)]
    [InlineData("gender & 1", 10)]
    [InlineData("iif('x', 1, 2)", 5)]
    [InlineData("name.select(given.first().trim() + 1)", 34)]
    [InlineData("name.skip('1')", 11)]
    [InlineData("extension('x').valu", 16)]
    [InlineData("name.family.round()", 13)]
    [InlineData("contact.all(name.first)", 18)]
    public void Refuses_what_cannot_mean_anything(string expression, int character)
    {
        var failure = Assert.IsType<Failure.FhirPath>(FhirPathExpression.ParseFor(expression, _patient).Failure);
        Assert.Equal((ExpressionFault.Semantic, character), (failure.Fault, failure.Character));
        Assert.Null(FhirPathExpression.Parse(expression.Replace("lenth", "length", StringComparison.Ordinal)).Failure);
    }

    [Theory]
    [InlineData("Patient.name.given.first().substring(0, 1) & '.'")]
    [InlineData("DomainResource.text.status = 'generated'")]
    [InlineData("contained.name.first().foo")]
    [InlineData("managingOrganization.resolve().name.first()")]
    [InlineData("deceased as dateTime > today()")]
    [InlineData("deceased.ofType(boolean) or deceased > @2020")]
    [InlineData("extension('x').value.code")]
    [InlineData("birthDate + 1 year > today()")]
    [InlineData("descendants().sort(id).first()")]
    [InlineData("telecom.where(system = 'phone').sort(rank)[0].value")]
    [InlineData("%x.anything + 1 > 2")]
    [InlineData("birthDate.extension('x').exists()")]
    [InlineData("name.aggregate($total + $this.given.count(), 0) > 1")]
    [InlineData("multipleBirth * 2 > 3")]
    public void Lets_through_what_may(string expression) => Assert.Null(FhirPathExpression.ParseFor(expression, _patient).Failure);

    [Fact]
    public void Finds_no_fault_with_the_constraints_of_R4_but_for_known_ones()
    {
        // It names an element (name) that ChargeItemDefinition does not have in R4.
        string[] faulty = ["cid-0"];
        var types = FhirSchema.R4.Types.ToList();
        var refused = types.SelectMany(t => t.Constraints.Select(c => (Type: t, Constraint: c)))
            .Concat(types.SelectMany(t => t.Elements).Distinct().Where(e => e.Types.Count == 1).SelectMany(e => e.Constraints.Select(c => (Type: e.Types[0], Constraint: c))))
            .Select(x => (x.Constraint.Key, FhirPathExpression.ParseFor(x.Constraint.Expression, x.Type).Failure))
            .Where(x => x.Failure is not null).ToList();
        Assert.Equal(faulty, refused.Select(x => x.Key).Distinct().Order(StringComparer.Ordinal));
    }
}
