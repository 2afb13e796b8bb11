using Personalize.Fhir.Schema;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Fhir.Tests.Profiles;

/// <summary>What is printed stands in the folder <c>Approved</c>; a change of it is seen, read, and taken over by hand.</summary>
public sealed class The_printed_rules
{
    [Fact]
    public void Of_a_type_show_what_R4_asks() => Same("Patient.txt", TypeText.Of(FhirSchema.R4.Type("Patient")!));

    [Theory]
    [InlineData("us-core-patient")]
    [InlineData("us-core-race")]
    [InlineData("us-core-blood-pressure")]
    public void Of_a_profile_show_what_it_asks_beyond(string name) => Same(name + ".txt", ProfileCatalog.UsCore.Find(Profiled.UsCore + name)!.ToString());

    private static void Same(string name, string printed) =>
        Assert.Equal(File.ReadAllText(Repository.At("tests", "Personalize.Fhir.Tests", "Profiles", "Approved", name)), printed, ignoreLineEndingDifferences: true);
}
