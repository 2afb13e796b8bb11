using Personalize.Fhir.Primitives;
using Personalize.Server.Smart;
using Personalize.Store;

namespace Personalize.Server.Tests.Smart;

public sealed class Scopes_are_understood
{
    [Theory]
    [InlineData("patient/Observation.r", Rights.Read)]
    [InlineData("patient/Observation.rs", Rights.Read | Rights.Search)]
    [InlineData("patient/Observation.cruds", Rights.All)]
    [InlineData("patient/Observation.cud", Rights.Create | Rights.Update | Rights.Delete)]
    [InlineData("patient/Observation.read", Rights.Read | Rights.Search)]
    [InlineData("patient/Observation.write", Rights.Create | Rights.Update | Rights.Delete)]
    [InlineData("patient/Observation.*", Rights.All)]
    public void In_both_versions(string text, Rights rights)
    {
        Assert.True(ResourceScope.TryParse(text, out var scope));
        Assert.Equal((ScopeLevel.Patient, "Observation", rights, text), (scope.Level, scope.Type, scope.Rights, scope.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("patient/Observation")]
    [InlineData("patient/Observation.")]
    [InlineData("patient/Observation.sr")]
    [InlineData("patient/Observation.rr")]
    [InlineData("patient/Observation.rsx")]
    [InlineData("patient/Observation.READ")]
    [InlineData("patient/observation.rs")]
    [InlineData("patient/DomainResource.rs")]
    [InlineData("patient/Quantity.rs")]
    [InlineData("patient/Unicorn.rs")]
    [InlineData("patient/.rs")]
    [InlineData("Patient/Observation.rs")]
    [InlineData("system/*.rs")]
    [InlineData("/Observation.rs")]
    [InlineData("patient/Observation.rs?category=laboratory")]
    [InlineData("patient/Observation.rs user/Patient.rs")]
    [InlineData("launch/encounter")]
    [InlineData("profile")]
    [InlineData("email")]
    public void And_everything_else_is_refused(string text)
    {
        Assert.False(ResourceScope.TryParse(text, out _));
        Assert.NotNull(Scopes.Of([text]).Failure);
    }

    [Fact]
    public void One_that_is_not_understood_spoils_all() => Assert.NotNull(Scopes.Parse("user/*.rs openid nonsense").Failure);

    [Fact]
    public void A_patient_scope_reaches_the_compartment_and_a_user_scope_everything()
    {
        var access = Access("patient/*.rs user/Observation.r", "anna");
        Assert.Equal(Reach.Compartment, access.Of("Condition", Rights.Read));
        Assert.Equal(Reach.Compartment, access.Of("Observation", Rights.Search));
        Assert.Equal(Reach.All, access.Of("Observation", Rights.Read));
        Assert.Equal(Reach.None, access.Of("Observation", Rights.Update));
    }

    [Fact]
    public void A_patient_scope_without_a_patient_reaches_nothing() =>
        Assert.Equal(Reach.None, Access("patient/*.cruds", null).Of("Observation", Rights.Read));

    [Fact]
    public void A_patient_scope_reads_the_directory_only_when_it_names_it()
    {
        Assert.Equal(Reach.Compartment, Access("patient/*.cruds", "anna").Of("Practitioner", Rights.Read));
        var named = Access("patient/Practitioner.cruds", "anna");
        Assert.Equal(Reach.All, named.Of("Practitioner", Rights.Read));
        Assert.Equal(Reach.None, named.Of("Practitioner", Rights.Update));
        Assert.Equal(Reach.Compartment, Access("patient/Group.rs", "anna").Of("Group", Rights.Read));
    }

    [Fact]
    public void A_client_gets_no_more_than_it_is_registered_for()
    {
        var allowed = Scopes.Parse("launch patient/*.rs user/Observation.cruds").Value;
        Assert.True(allowed.Cover(Scopes.Parse("patient/Condition.r launch user/Observation.u").Value));
        Assert.False(allowed.Cover(Scopes.Parse("patient/Condition.u").Value));
        Assert.False(allowed.Cover(Scopes.Parse("user/*.r").Value));
        Assert.False(allowed.Cover(Scopes.Parse("openid").Value));
    }

    private static Access Access(string scopes, string? patient) =>
        ScopeAccess.Of("Practitioner/x", Scopes.Parse(scopes).Value, patient is null ? null : ResourceId.Of(patient));
}
