using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Tests;

public sealed class Elements_of_a_resource
{
    private static readonly Resource Patient = Read("""
        {"resourceType":"Patient","id":"p1","_birthDate":{"id":"b"},
         "name":[{"given":["Ann",null,"\u004dary"],"_given":[null,{"extension":[{"url":"http://x","valueString":"?"}]},{"id":"m"}]},{"family":"Roe"}],
         "deceasedBoolean":false,"multipleBirthInteger":2,
         "contained":[{"resourceType":"Observation","valueQuantity":{"value":1.50,"unit":"kg"}}],
         "contact":[{"name":{"text":"Bob"}}],"stranger":{"name":"x"},
         "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}}
        """);

    [Fact]
    public void Come_in_the_order_of_the_bytes_and_without_strangers() =>
        Assert.Equal("id birthDate name name deceased multipleBirth contained contact text", string.Join(' ', Patient.Root.Children().Select(c => c.Name)));

    [Fact]
    public void Join_a_value_with_what_is_said_about_it()
    {
        var given = Patient.Root.Child("name")!.Value.Children("given").ToList();
        Assert.Equal(["Ann", null, "Mary"], given.Select(g => g.Text));
        Assert.Equal([true, false, true], given.Select(g => g.HasValue));
        Assert.Equal("?", given[1].Child("extension")!.Value.Child("value")!.Value.Text);
        Assert.Equal("m", given[2].Child("id")!.Value.Text);
    }

    [Fact]
    public void Are_there_when_only_something_is_said_about_them()
    {
        var birthDate = Patient.Root.Child("birthDate")!.Value;
        Assert.False(birthDate.HasValue);
        Assert.Null(birthDate.Text);
        Assert.Equal("b", birthDate.Child("id")!.Value.Text);
    }

    [Fact]
    public void Have_the_type_that_a_choice_was_given()
    {
        Assert.Equal("boolean", Patient.Root.Child("deceased")!.Value.Type.Name);
        Assert.Equal("integer", Patient.Root.Child("multipleBirth")!.Value.Type.Name);
        Assert.Null(Patient.Root.Child("deceasedBoolean"));
    }

    [Fact]
    public void Have_the_backbone_type_that_their_place_defines()
    {
        var contact = Patient.Root.Child("contact")!.Value;
        Assert.Equal("Patient.contact", contact.Type.Name);
        Assert.True(contact.Type.Is("BackboneElement"));
        Assert.Equal(FhirTypeKind.Backbone, contact.Type.Kind);
    }

    [Fact]
    public void Have_in_a_contained_resource_the_types_of_that_resource()
    {
        var value = Patient.Root.Child("contained")!.Value.Child("value")!.Value;
        Assert.Equal("Quantity", value.Type.Name);
        Assert.Equal("1.50", value.Child("value")!.Value.Text);
        Assert.Equal("Patient.contained[0].value.value", value.Child("value")!.Value.Location());
    }

    [Fact]
    public void Tell_where_they_are()
    {
        var given = Patient.Root.Children("name").First().Children("given").ToList();
        Assert.Equal("Patient.name[0].given[2]", given[2].Location());
        Assert.Equal("Patient.name[0].given[1].extension[0].value", given[1].Child("extension")!.Value.Child("value")!.Value.Location());
        Assert.Equal("Patient.deceased", Patient.Root.Child("deceased")!.Value.Location());
        Assert.Equal((2, 20), given[0].Position());
    }

    [Fact]
    public void Follow_a_content_reference_to_the_type_that_it_names()
    {
        var questionnaire = Read("""{"resourceType":"Questionnaire","item":[{"linkId":"1","item":[{"linkId":"1.1"}]}]}""");
        var inner = questionnaire.Root.Child("item")!.Value.Child("item")!.Value;
        Assert.Equal("Questionnaire.item", inner.Type.Name);
        Assert.Equal("1.1", inner.Child("linkId")!.Value.Text);
    }

    [Fact]
    public void Are_the_same_when_they_show_the_same_place()
    {
        Assert.True(Patient.Root.Child("deceased") == Patient.Root.Child("deceased"));
        Assert.False(Patient.Root.Child("deceased") == Patient.Root.Child("multipleBirth"));
    }

    [Fact]
    public void Compare_their_text_without_making_it()
    {
        var given = Patient.Root.Child("name")!.Value.Children("given").ToList();
        Assert.True(given[0].TextIs("Ann"));
        Assert.True(given[2].TextIs("Mary"));
        Assert.False(given[0].TextIs("Anna"));
        Assert.False(given[1].TextIs(""));
    }

    [Fact]
    public void That_are_resources_can_be_taken_out()
    {
        var bundle = Read("""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:x"},{"resource": {"resourceType":"Patient","id":"in","name":[{"family":"Roe"}]} }]}""");
        var entry = bundle.Root.Children("entry").Last().Child("resource")!.Value;
        var taken = Resource.Of(entry).Value;
        Assert.Equal("""{"resourceType":"Patient","id":"in","name":[{"family":"Roe"}]}""", Encoding.UTF8.GetString(taken.Bytes.Span));
        Assert.Equal(ResourceId.Of("in"), taken.Id);
        Assert.Equal("Patient.name[0].family", taken.Root.Child("name")!.Value.Child("family")!.Value.Location());
        Assert.Equal("Bundle.entry[1].resource.name[0].family", entry.Child("name")!.Value.Child("family")!.Value.Location());
    }

    [Fact]
    public void That_are_no_resources_cannot_be_taken_out() =>
        Assert.IsType<Failure.Invalid>(Resource.Of(Patient.Root.Child("contact")!.Value).Failure);

    private static Resource Read(string json) => Resource.Parse(Encoding.UTF8.GetBytes(json)).Value;

    [Fact]
    public void Are_none_in_a_list_of_nothing() => Assert.Empty(default(ElementList));
}
